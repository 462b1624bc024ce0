import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';

export const deletedOrganizationParamsSchema = z.strictObject({
  organizationId: idSchema('organization').openapi({ description: 'Id of the deleted organization.' }),
});

export const deletedOrganizationSchema = z
  .object({
    id: idSchema('organization').openapi({ description: 'Id of the organization.' }),
    name: z.string().openapi({ description: 'Name that people see.' }),
    slug: z
      .string()
      .openapi({ description: 'Short name for URLs, reserved until the organization is erased.' }),
    deletedAt: z.iso.datetime().openapi({ description: 'When the organization was deleted.' }),
    erasesAt: z.iso
      .datetime()
      .openapi({ description: 'When the organization is erased. Until then it can be reopened.' }),
  })
  .openapi('DeletedOrganization');
export type DeletedOrganizationView = z.output<typeof deletedOrganizationSchema>;

export const deletedOrganizationPageSchema =
  pageSchema(deletedOrganizationSchema).openapi('DeletedOrganizationPage');

export const deletedOrganizationExample: DeletedOrganizationView = {
  id: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Northwind',
  slug: 'northwind',
  deletedAt: '2026-01-05T09:30:00.000Z',
  erasesAt: '2026-02-04T09:30:00.000Z',
};
