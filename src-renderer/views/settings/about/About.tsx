import { useConnected } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Asked, Part, SettingsPage } from '../SettingsPage.tsx';
import { Licences } from './Licences.tsx';
import { versionRows, versionText } from './versions.ts';

/** What runs here, what leaves the computer, and whose work it is built on. */
export function About() {
  const connected = useConnected();
  const { answer, problem, again } = useAnswer('app.info', {}, connected);
  const rows = answer === undefined ? [] : versionRows(answer, navigator.userAgent);
  return (
    <SettingsPage title={answer === undefined ? 'About' : `Choragus ${answer.version}`}>
      <Part
        title="What leaves this computer"
        note="Nothing but what is sent to the providers that you connect: a message with the part of the conversation that goes along and the persona of the specialist, to the provider whose model answers; the question for its models; and, when you test it, “Say OK.” Each with the key of that provider. Choragus reports nothing to anybody. What offline models do stays here. Providers on this computer are asked here; some of them pass questions on."
      />
      <section className="settings-part" aria-label="Versions">
        <div className="row settings-part-head">
          <h2 className="grow">Versions</h2>
          {answer !== undefined && <CopyButton text={() => versionText(rows)} what="versions" />}
        </div>
        {answer === undefined ? (
          <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
        ) : (
          <table className="settings-table about-versions" aria-label="Versions">
            <tbody>
              {rows.map(({ name, version }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="text-2">{version}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <Licences />
    </SettingsPage>
  );
}
