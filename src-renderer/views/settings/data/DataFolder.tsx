import { useApp, useConnected, useDesktop, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { bytes } from '../../../ui/format.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Transfer } from '../../transfer/Transfer.tsx';
import { Asked, Part, Row, SettingsPage, Warning } from '../SettingsPage.tsx';
import { Backups } from './Backups.tsx';
import { Keep } from './Keep.tsx';
import { Storage } from './Storage.tsx';
import './data.css';

const PLACE = 'data folder';

/** Where everything lies, and where the keys lie. */
export function DataFolder() {
  const app = useApp();
  const connected = useConnected();
  const desktop = useDesktop();
  const trouble = useTrouble(PLACE);
  const { answer, problem, again } = useAnswer('app.info', {}, connected);
  if (answer === undefined)
    return (
      <SettingsPage title="Data">
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      </SettingsPage>
    );
  const { data, secrets } = answer;
  return (
    <SettingsPage title="Data">
      <Part
        title="Where it lies"
        note="Conversations, providers, specialists of your own, the keys of providers and the log file lie in this folder. To take all of it elsewhere, copy the folder while Choragus is closed, with the configuration file if that lies elsewhere."
      >
        <Row label="Folder">
          <span className="mono settings-path">{data.folder}</span>
          <CopyButton text={() => data.folder} what="path" />
          {desktop !== undefined && (
            <button
              type="button"
              className="button small"
              disabled={!connected}
              onClick={() => void app.try(PLACE, 'app.openDataFolder', {})}
            >
              Open
            </button>
          )}
        </Row>
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
        <Row label="Configuration">
          <span className="mono settings-path">{data.config}</span>
          <CopyButton text={() => data.config} what="path of the configuration" />
        </Row>
        <Row label="Size">{bytes(data.bytes)}</Row>
      </Part>
      <Storage />
      <Backups />
      <Keep />
      <Transfer />
      <Part title="Keys of providers">
        <Row label="Kept in">
          {secrets.place}
          <p className="settings-note">
            {secrets.sealed
              ? 'They lie sealed in secrets.json in the data folder: only this account on this computer can open them.'
              : 'They lie in secrets.json in the data folder, not sealed: who can read this file, or a backup of it, can read the keys.'}
          </p>
        </Row>
        {secrets.warning !== null && <Warning problem={secrets.warning} />}
      </Part>
    </SettingsPage>
  );
}
