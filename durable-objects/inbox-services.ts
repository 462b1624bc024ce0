import type { KeepAlive, Services } from '../src/kernel/context/index.ts';
import { foldModules } from '../src/kernel/modules/index.ts';
import { modules } from '../src/modules.ts';
import { callInboxVerb } from '../src/people/inbox/index.ts';
import { type InboxServices, readCredentialStatus } from '../src/people/inbox-session/index.ts';
import { notifyWatchers } from '../src/people/presence/index.ts';
import { expireRing } from '../src/people/ringing/index.ts';

/** Every frame of the inbox socket that a verb handles. */
export const inboxFrames = foldModules(modules, 'inboxFrames');

/** What an inbox needs from the rest of the product. */
export const createInboxServices = (services: Services, keepAlive: KeepAlive): InboxServices => ({
  log: services.log,
  readCredentialStatus: (owner, sessionIds) => readCredentialStatus(services, owner, sessionIds),
  expireRing: ({ organizationId }, ringId) => expireRing(services, organizationId, ringId),
  notifyWatchers: (owner, watcherIds, isConnected) =>
    notifyWatchers(services, owner, watcherIds, isConnected),
  callVerb: (verb, claims, connectionId, frame) =>
    callInboxVerb(services, verb, claims, connectionId, frame, keepAlive),
});
