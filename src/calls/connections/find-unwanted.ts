import type { Ctx } from '../../kernel/context/index.ts';

/** A participant who has connected, as a cluster reported it. */
export interface ReportedConnection {
  callId: string;
  identity: string;
}

export interface UnwantedConnection extends ReportedConnection {
  /** The cluster on which the call is held. */
  cluster: string;
}

/**
 * Finds those of the connections that may not last, in one round trip. A domain that decides who may be in a call lists its
 * check in the manifest; it runs as soon as a cluster reports that somebody connected.
 */
export type ConnectionCheck = (
  ctx: Ctx,
  connections: readonly ReportedConnection[],
) => Promise<readonly UnwantedConnection[]>;

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    connectionChecks?: readonly ConnectionCheck[];
  }
}

declare module '../../kernel/context/context.ts' {
  interface Services {
    connectionChecks: readonly ConnectionCheck[];
  }
}

/** The results of all checks. */
export async function findUnwanted(
  ctx: Ctx,
  connections: readonly ReportedConnection[],
): Promise<UnwantedConnection[]> {
  const found = await Promise.all(ctx.connectionChecks.map((check) => check(ctx, connections)));
  return found.flat();
}
