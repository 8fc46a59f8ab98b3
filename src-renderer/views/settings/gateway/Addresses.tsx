import type { GatewayInfo } from '#shared/domain/gateway.ts';
import { useDesktop } from '../../../state/use.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Row } from '../SettingsPage.tsx';

const DOCS = '/api/docs';

/** What one gives to other programs. */
export function Addresses({ url, enabled }: Pick<GatewayInfo, 'url' | 'enabled'>) {
  const desktop = useDesktop();
  if (url === null)
    return (
      <Row label="Address">
        <span className="text-3">{enabled ? 'It does not listen.' : 'It is off.'}</span>
      </Row>
    );
  return (
    <>
      <Address label="OpenAI base URL" address={`${url}/v1`} />
      <Address label="Anthropic base URL" address={url} />
      <Row label="API page">
        {/* A browser stays with the address under which it is signed in. */}
        <a
          className="accent mono gateway-address"
          href={desktop === undefined ? DOCS : `${url}${DOCS}`}
          target="_blank"
          rel="noreferrer"
        >
          {url}
          {DOCS}
        </a>
      </Row>
    </>
  );
}

function Address({ label, address }: { label: string; address: string }) {
  return (
    <Row label={label}>
      <span className="mono settings-path">{address}</span>
      <CopyButton text={() => address} what={label} />
    </Row>
  );
}
