import { Component, type ReactNode } from 'react';
import { Sign } from '../../ui/Sign.tsx';

/** Catches what goes wrong while painting a view: says so, and offers the way back. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="broken">
        <div className="error-block" role="alert">
          <Sign name="warn" />
          <div className="grow">
            <b>This view could not be painted.</b>
            <p className="text-2">Sessions, drafts and what you sent are kept. Reload the page to go on.</p>
            <div className="row error-actions">
              <button type="button" className="button small" onClick={() => location.reload()}>
                Reload
              </button>
            </div>
            <details className="error-details">
              <summary>What happened</summary>
              <pre>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</pre>
            </details>
          </div>
        </div>
      </div>
    );
  }
}
