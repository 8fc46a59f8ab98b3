import { useState } from 'react';
import { useConnected } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { count } from '../../../ui/format.ts';
import { Matched } from '../../../ui/Matched.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { Asked } from '../SettingsPage.tsx';
import './about.css';

/** Packages that are part of it, to type into. */
export function Licences() {
  const connected = useConnected();
  const { answer, problem, again } = useAnswer('app.licences', {}, connected);
  const [query, setQuery] = useState('');
  const all = answer?.licences ?? [];
  const wanted = query.trim().toLowerCase();
  const shown = all.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <section className="settings-part" aria-label="Licences">
      <div className="row">
        <h2>Licences</h2>
        <span className="grow text-3">
          {answer !== undefined &&
            (wanted === '' ? count(all.length) : `${count(shown.length)} of ${count(all.length)}`)}
        </span>
        {answer !== undefined && (
          <span className="find">
            <Sign name="search" dense />
            <input
              type="search"
              className="find-field"
              placeholder="Find a package or licence"
              aria-label="Find a package or licence"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </span>
        )}
      </div>
      <p className="settings-text">Choragus is under the MIT licence. It is built on these packages.</p>
      {answer === undefined ? (
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      ) : shown.length === 0 ? (
        <p className="text-3">Nothing by this name.</p>
      ) : (
        <table className="settings-table about-licences">
          <thead>
            <tr>
              <th scope="col">Package</th>
              <th scope="col">Version</th>
              <th scope="col">Licence</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, version, licence }) => (
              <tr key={`${name} ${version}`}>
                <td>
                  <Matched text={name} query={query} />
                </td>
                <td className="text-2">{version}</td>
                <td className="text-2">{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
