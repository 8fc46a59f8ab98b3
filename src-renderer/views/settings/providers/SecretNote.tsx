import { useAnswer } from '../../../state/use-answer.ts';

/** Where a key goes, and what somebody should know about that place. */
export function SecretNote({ locked = false, typing = true }: { locked?: boolean; typing?: boolean }) {
  const secrets = useAnswer('app.info', {}).answer?.secrets;
  return (
    <>
      {locked && (
        <p className="warn">
          It was sealed by another host of Choragus and cannot be read by this one. Open Choragus there, or give the key
          again here.
        </p>
      )}
      {typing && <p>A key is kept in {secrets?.place ?? 'the secret store of this computer'} and never shown again.</p>}
      {typing && secrets?.warning != null && (
        <p className="warn">
          {secrets.warning.message} {secrets.warning.next}
        </p>
      )}
    </>
  );
}
