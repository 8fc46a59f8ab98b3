import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { GatewayInfo, Scope } from '#shared/domain/gateway.ts';
import type { MadeToken } from '../../../state/app.ts';
import { useApp, useToday, useTrouble } from '../../../state/use.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { fullTime, messageTime } from '../../../ui/time.ts';
import { Confirm } from '../forms/Confirm.tsx';
import { holdsFocus } from '../forms/holds-focus.ts';
import { Part } from '../SettingsPage.tsx';
import { NewToken } from './NewToken.tsx';
import { holderCan, least, scopeWords } from './scopes.ts';

const PLACE = 'access tokens';

type Token = GatewayInfo['tokens'][number];

interface TokensProps {
  tokens: readonly Token[];
  /** Resolves when the list is that of now. */
  onChanged: () => Promise<void>;
}

/** Who may come in. A token is told once; what is kept of it cannot be turned back into it. */
export function Tokens({ tokens, onChanged }: TokensProps) {
  const app = useApp();
  const trouble = useTrouble(PLACE);
  const made = useStore(app.madeTokens);
  /** Made while this is on screen. */
  const [newest, setNewest] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Token | null>(null);
  const create = async (name: string, scopes: readonly Scope[]) => {
    const result = await app.try(PLACE, 'gateway.addToken', { name, scopes: [...scopes] });
    if (result === undefined) return false;
    app.madeTokens.setState((others) => [{ ...result, name, scopes }, ...others], true);
    setNewest(result.id);
    await onChanged();
    return true;
  };
  const putAway = (id: string) => app.madeTokens.setState((all) => all.filter((each) => each.id !== id), true);
  const remove = async ({ id }: Token) => {
    const removed = await app.try(PLACE, 'gateway.removeToken', { id });
    if (removed !== undefined) putAway(id);
    await onChanged();
  };
  return (
    <Part
      title="Access tokens"
      note="What a program calls its API key. One for each program, so that one can be removed without the others; none lets a program change the gateway."
    >
      <NewToken onCreate={create} />
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
      {made.map((each) => (
        <Made key={each.id} {...each} fresh={each.id === newest} onDone={() => putAway(each.id)} />
      ))}
      {tokens.length > 0 && <TokenTable tokens={tokens} onRemove={setRemoving} />}
      {removing !== null && (
        <Confirm
          title={`Remove the access token “${removing.name}”?`}
          verb="Remove"
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving(null)}
        >
          <p>Programs that use it are disconnected at once and not let in again. It cannot be brought back.</p>
        </Confirm>
      )}
    </Part>
  );
}

/** Shown until it is put away, by this window alone. A fresh one has the focus. */
function Made({ name, token, scopes, fresh, onDone }: MadeToken & { fresh: boolean; onDone: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => holdsFocus(ref.current), []);
  useEffect(() => {
    if (fresh) ref.current?.focus();
  }, [fresh]);
  return (
    <div ref={ref} className="notice-block token-made" tabIndex={-1} role="status">
      <Sign name="lock" />
      <div className="grow">
        <p>
          <b>Copy the access token for {name} now.</b> It will not be shown again. Who has it can {holderCan(scopes)}.
        </p>
        <div className="settings-code">
          <code>{token}</code>
          <CopyButton text={() => token} what="access token" />
        </div>
        <div className="row form-actions">
          <button type="button" className="button small" onClick={onDone}>
            Done
          </button>
        </div>
      </div>
    </div>
  );
}

function TokenTable({ tokens, onRemove }: { tokens: readonly Token[]; onRemove: (token: Token) => void }) {
  const today = useToday();
  return (
    <table className="settings-table gateway-tokens">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">May</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <th scope="col">
            <span className="unseen">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id} ref={holdsFocus}>
            <td>{token.name}</td>
            <td>
              <span className="token-scopes">
                {least(token.scopes).map((scope) => (
                  <span key={scope} className="tag">
                    {scopeWords[scope].name}
                  </span>
                ))}
              </span>
            </td>
            <td className="text-2">
              <time title={fullTime(token.createdAt)}>{messageTime(token.createdAt, today)}</time>
            </td>
            <td className="text-2">
              {token.lastUsedAt === null ? (
                'not since the start of Choragus'
              ) : (
                <time title={fullTime(token.lastUsedAt)}>{messageTime(token.lastUsedAt, today)}</time>
              )}
            </td>
            <td className="end">
              <button
                type="button"
                className="button bare small"
                aria-label={`Remove ${token.name}`}
                onClick={() => onRemove(token)}
              >
                Remove
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
