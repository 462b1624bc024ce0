import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { PLANS } from './organizations.tables.ts';

export const organizationIdSchema = idSchema('organization');
export const organizationParamsSchema = z.strictObject({ organizationId: organizationIdSchema });

const name = z.string().trim().min(1).max(255);
const slug = z
  .string()
  .min(2)
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');
const metadata = z
  .record(z.string().max(64), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 entries');
const settings = z.strictObject({
  allowedEmailDomains: z
    .array(
      z
        .string()
        .toLowerCase()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name'),
    )
    .max(100),
  invitationDays: z.number().int().min(1).max(30),
});

export const createOrganizationSchema = z.strictObject({
  name,
  slug,
  settings: settings.partial().optional(),
  metadata: metadata.optional(),
});
export type CreateOrganization = z.output<typeof createOrganizationSchema>;

export const updateOrganizationSchema = z
  .strictObject({ name, slug, settings: settings.partial(), metadata })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateOrganization = z.output<typeof updateOrganizationSchema>;

export const organizationSchema = z
  .object({
    id: organizationIdSchema,
    name: z.string(),
    slug: z.string(),
    plan: z.enum(PLANS),
    settings,
    limits: z.record(z.string(), z.number()),
    metadata,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Organization');
export type OrganizationView = z.output<typeof organizationSchema>;

export const organizationPageSchema = pageSchema(organizationSchema).openapi('OrganizationPage');

export const organizationExample: OrganizationView = {
  id: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Northwind',
  slug: 'northwind',
  plan: 'free',
  settings: { allowedEmailDomains: [], invitationDays: 7 },
  limits: {},
  metadata: {},
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
