import type { CallParams } from '#shared/contract/contract.ts';
import type { GatewayInfo } from '#shared/domain/gateway.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Switch } from '../forms/Switch.tsx';
import { Asked, Part, Row, SettingsPage, Warning } from '../SettingsPage.tsx';
import { Port } from './Port.tsx';
import { Tokens } from './Tokens.tsx';

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
  const { url, enabled, port, fixed } = answer;
  const set = async (wanted: CallParams<'gateway.set'>) => {
    await app.try(PLACE, 'gateway.set', wanted);
    await again();
  };
  return (
    <SettingsPage
      title="Gateway"
      end={
        fixed === null && (
          <>
            <span className="text-2">Use it</span>
            <Switch label="Use the gateway" on={enabled} onChange={(on) => set({ enabled: on, port })} />
          </>
        )
      }
    >
      <Part
        title="Address"
        note="Other programs on this computer reach Choragus here, with an access token. Nobody on another computer can."
      >
        <Row label="Address">
          {url === null ? (
            <span className="text-3">{enabled ? 'It does not listen.' : 'It is off.'}</span>
          ) : (
            <>
              <span className="mono settings-path">{url}</span>
              <CopyButton text={() => url} what="address" />
            </>
          )}
        </Row>
        <Port port={port} note={fixed} onSave={(wanted) => void set({ enabled, port: wanted })} />
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
        {answer.problem !== null && <Warning problem={answer.problem} />}
      </Part>
      <Tokens tokens={answer.tokens} onChanged={again} />
      {url !== null && <Try url={url} />}
    </SettingsPage>
  );
}

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
        Everything else is JSON-RPC 2.0 over a WebSocket at <code className="form-code">{rpcAddress(url)}</code>; the
        access token goes along as <code className="form-code">Authorization: Bearer</code>.
      </p>
    </Part>
  );
}

const rpcAddress = (url: string) => `${url.replace(/^http/, 'ws')}/rpc`;
