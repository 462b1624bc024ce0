import { DurableObject } from 'cloudflare:workers';

export class PasswordHasher extends DurableObject<Env> {}
