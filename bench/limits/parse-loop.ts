/** The least that reading chat completions costs: bytes to text, lines to JSON, one process, nothing kept. */
import { StringDecoder } from 'node:string_decoder';
import { ask } from './http-client.ts';

/** Reads `count` answers at once; resolves with the characters of their text. */
export async function readAll(port: number, model: string, count: number): Promise<number> {
  let units = 0;
  const readers = Array.from({ length: count }, (_, index) => {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    return ask(port, model, `reader ${index}`, (bytes) => {
      const text = rest + decoder.write(bytes);
      let from = 0;
      for (let to = text.indexOf('\n\n'); to >= 0; to = text.indexOf('\n\n', from)) {
        const data = text.slice(from + 'data: '.length, to);
        from = to + 2;
        if (data !== '[DONE]') units += JSON.parse(data).choices[0].delta.content?.length ?? 0;
      }
      rest = text.slice(from);
    }).whole;
  });
  await Promise.all(readers);
  return units;
}
