export {
  createConnection,
  type DeviceConnection,
  isHelloOverdue,
  receiveDeviceFrame,
  type ReceivedFrame,
  requiredClose,
} from './connection.rules.ts';
export { InboxCore, type InboxDevice } from './inbox-core.ts';
export type { InboxRuntime, InboxServices } from './inbox-runtime.ts';
export { InboxSession } from './inbox-session.ts';
export { readCredentialStatus } from './read-credential-status.ts';
