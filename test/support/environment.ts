export { randomSecrets } from '../../workers/local/secrets.ts';
