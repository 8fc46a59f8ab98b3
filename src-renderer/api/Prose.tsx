/** A sentence of the document, with what stands in back quotes as code. */
export function Prose({ text }: { text: string }) {
  if (text === '') return null;
  const pieces = [...text.matchAll(/`([^`]*)`|[^`]+/g)];
  return (
    <p className="api-prose">
      {pieces.map(({ 0: plain, 1: code, index }) => (code === undefined ? plain : <code key={index}>{code}</code>))}
    </p>
  );
}
