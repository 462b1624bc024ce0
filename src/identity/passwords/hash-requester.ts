import type { Ctx } from '../../kernel/context/index.ts';
import { networkOf } from '../../platform/limits/index.ts';
import type { HashRequester } from './passwords.ports.ts';

/** A caller who proved nothing yet: all requests of a network share one turn. */
export const networkRequester = ({ origin }: Pick<Ctx, 'origin'>): HashRequester => ({
  key: networkOf(origin.ip ?? ''),
  proven: false,
});

/** A caller with a session or a mailed token of the account; `key` is the id of either. */
export const provenRequester = (key: string): HashRequester => ({ key, proven: true });
