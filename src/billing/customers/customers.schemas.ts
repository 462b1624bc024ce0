import { z } from '@hono/zod-openapi';

/** The address of the page to which the provider returns users. */
export const returnUrlSchema = (description: string) =>
  z.url().max(2_000).optional().openapi({ example: 'https://app.auralink.test/billing', description });

export const openPortalSchema = z.strictObject({
  returnUrl: returnUrlSchema('Where the page leads back to: a page of the web app, up to 2,000 characters.'),
});
export type OpenPortal = z.output<typeof openPortalSchema>;
export const portalSchema = z
  .object({
    url: z.url().openapi({
      description: 'Page of the payment provider. For a short time it works for anyone who has the address.',
    }),
  })
  .openapi('BillingPortal');
export type PortalView = z.output<typeof portalSchema>;
