import { z } from '@hono/zod-openapi';

export const consentSchema = z
  .object({
    authorizationUrl: z.string().describe('The address where the person consents, in a browser.'),
    endsAt: z.iso.datetime().describe('The consent can be completed until then.'),
  })
  .openapi('McpConsent');
export const completeConsentSchema = z.strictObject({
  state: z.string().min(1).max(200).describe('`state` of the address that the browser came back to.'),
  code: z.string().min(1).max(4_096).describe('`code` of that address.'),
  iss: z.string().min(1).max(2_048).optional().describe('`iss` of that address, if it has one.'),
});
export type CompleteConsent = z.output<typeof completeConsentSchema>;
