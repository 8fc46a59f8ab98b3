import { type Engines, openEngines } from '../engines.ts';

export interface ServeOptions {
  /** As in the configuration when undefined. */
  host: string | undefined;
  /** Files, as PEM. */
  tls: { cert: string; key: string } | undefined;
  /** Others may reach it without TLS. */
  plainHttp: boolean;
  /** Null: none was asked for. */
  port: number | null;
  /** Exists and can be written. */
  dataDir: string;
  config: string | undefined;
  env: Record<string, string | undefined>;
  version: string;
  rendererDir: string;
  licencesFile: string;
  /** Where the worker of the log lies, when that is not beside its source. */
  workerFile?: URL;
  linkCommand: string;
}

/** The headless shell: the engines, and a gateway that serves the window to a browser. */
export const serve = ({
  host,
  tls,
  plainHttp,
  port,
  rendererDir,
  linkCommand,
  ...rest
}: ServeOptions): Promise<Engines> =>
  openEngines({
    ...rest,
    versions: { Node: process.versions.node },
    gateway: { host, tls, plainHttp, rendererDir, linkCommand, window: { port } },
  });
