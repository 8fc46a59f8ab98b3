import type { CallParams } from '#shared/contract/contract.ts';
import type { GatewayInfo } from '#shared/domain/gateway.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Switch } from '../forms/Switch.tsx';
import { Asked, Part, SettingsPage, Warning } from '../SettingsPage.tsx';
import { Addresses } from './Addresses.tsx';
import { Origins } from './Origins.tsx';
import { Port } from './Port.tsx';
import { Tokens } from './Tokens.tsx';
import './gateway.css';

const PLACE = 'gateway';

/** How other programs on this computer reach Choragus. */
export function Gateway() {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const { answer, problem, again } = useAnswer('gateway.get', {}, connected);
  if (answer === undefined)
    return (
      <SettingsPage title="Gateway">
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      </SettingsPage>
    );
  const { url, enabled, port, fixed, origins, open } = answer;
  const set = async (wanted: Partial<CallParams<'gateway.set'>>, place = PLACE) => {
    const done = await app.try(place, 'gateway.set', { enabled, port, ...wanted });
    await again();
    return done !== undefined;
  };
  return (
    <SettingsPage
      title="Gateway"
      end={
        fixed === null && (
          <>
            <span className="text-2">Use it</span>
            <Switch label="Use the gateway" on={enabled} onChange={(on) => set({ enabled: on })} />
          </>
        )
      }
    >
      <Part title="Address" note={reach(open)}>
        <Addresses url={url} enabled={enabled} />
        <Port port={port} note={fixed} onSave={(wanted) => void set({ port: wanted })} />
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
        {answer.problem !== null && <Warning problem={answer.problem} />}
        {open === 'plain' && <Warning problem={unsealed} />}
      </Part>
      <Tokens tokens={answer.tokens} onChanged={again} />
      <Origins origins={origins} onSave={(place, wanted) => set({ origins: wanted }, place)} />
      {url !== null && <Try url={url} />}
    </SettingsPage>
  );
}

/** Who can come in, in one line. */
const reach = (open: GatewayInfo['open']): string =>
  open === null
    ? 'Other programs on this computer reach Choragus here, with an access token. Nobody on another computer can.'
    : `Programs on this computer and on others reach Choragus here, with an access token${open === 'tls' ? ', encrypted by TLS' : ''}.`;

const unsealed = {
  message: 'Other computers reach it without TLS.',
  next: 'Whoever is on the way between can read what is sent, access tokens included.',
};

/** Two lines that work as they stand. */
function Try({ url }: { url: NonNullable<GatewayInfo['url']> }) {
  const line = `curl ${url}/health`;
  return (
    <Part title="Try it" note="It answers with its state and version, without an access token:">
      <div className="settings-code">
        <code>{line}</code>
        <CopyButton text={() => line} what="line" />
      </div>
      <p className="settings-text">
        Everything else needs one, as <code className="form-code">Authorization: Bearer</code>. The API page has the
        calls over HTTP; at <code className="form-code">{rpcAddress(url)}</code> is JSON-RPC 2.0 over a WebSocket.
      </p>
    </Part>
  );
}

const rpcAddress = (url: string) => `${url.replace(/^http/, 'ws')}/rpc`;
