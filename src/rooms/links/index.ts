export { hashLinkPassword, matchesLinkPassword, passwordVersion } from './hash-link-password.ts';
export { linkErrors } from './links.errors.ts';
export { countVisit, selectLinkByCode, consumeLinkUse } from './links.queries.ts';
export {
  CODE_LENGTH,
  isOpenToGuest,
  type Link,
  normalizeCode,
  requireUsableLink,
  resolveRoleByLink,
} from './links.rules.ts';
export { releaseWaiting } from './release-waiting.ts';
export { LINK_ACCESS, LINK_TYPES } from './links.tables.ts';
export { sweepVisitors } from './sweep-visitors.ts';
export * from './links.events.ts';
