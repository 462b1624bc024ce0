import { z } from '@hono/zod-openapi';
import {
  idSchema,
  lineSchema,
  metadataChangeSchema,
  metadataSchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { canonicalDomain } from '../users/index.ts';
import { AUTOMATIC_RECORDING_SETTINGS, PLANS, RECORDING_STORAGE_SETTINGS } from './organizations.enums.ts';
import { isReservedSlug, isSharedTimeZone } from './organizations.rules.ts';

export const organizationIdSchema = idSchema('organization').openapi({
  description: 'Id of the organization.',
});
export const organizationParamsSchema = z.strictObject({ organizationId: organizationIdSchema });

const name = lineSchema(255).openapi({ description: 'Name that people see, 1 to 255 characters.' });
const slug = z
  .string()
  .min(2)
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .refine((text) => !isReservedSlug(text), 'is reserved')
  .openapi({
    description:
      'Short name for URLs, 2 to 100 characters: lower-case letters and digits, joined by hyphens. Unique among all ' +
      'organizations, also deleted ones until they are erased; words such as `admin`, `api` and `support` are reserved.',
  });
const settings = z.strictObject({
  allowedEmailDomains: z
    .array(
      z
        .string()
        .overwrite((text) => canonicalDomain(text) ?? text)
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name'),
    )
    .max(100)
    .openapi({
      description:
        'Domains whose email addresses can be invited, at most 100; subdomains are not included. Empty allows every ' +
        'domain. A domain of another script is stored as ASCII (`xn--…`).',
    }),
  invitationDays: z
    .number()
    .int()
    .min(1)
    .max(30)
    .openapi({ description: 'Days for which an invitation is valid, 1 to 30.' }),
  timeZone: z
    .string()
    .max(64)
    .refine(isSharedTimeZone, 'must be an IANA time zone such as Europe/Berlin, or UTC')
    .openapi({
      description:
        'IANA name of the time zone in which days and months of analytics begin, such as `Europe/Berlin`. After a ' +
        'change, figures follow the old one for some minutes, until they are recomputed. Default: `UTC`.',
    }),
  compressFiles: z.boolean().openapi({
    description:
      'Whether videos and pictures are compressed once they have been scanned, as by `compressFile` with its ' +
      'defaults. Existing files stay as they are. Default: false.',
  }),
  compressRecordings: z.boolean().openapi({
    description:
      'Whether recordings with a picture in the storage of the product are compressed once they are ready, as by `compressRecording` with its ' +
      'defaults. Default: false.',
  }),
  recordingStorage: z.enum(RECORDING_STORAGE_SETTINGS).openapi({
    description:
      'Where recordings may be stored: `product`: the product stores them while the organization has no bucket. ' +
      "`bucket`: only the organization's own buckets are used. Adding a bucket sets `bucket` if nothing was set. " +
      'Default: `product`.',
  }),
  automaticRecording: z.enum(AUTOMATIC_RECORDING_SETTINGS).openapi({
    description:
      'Recording of each call in rooms whose own `automaticRecording` is `organization`, the default of new ' +
      'rooms: nothing (`off`), the whole call (`composite`) or its sound (`audio`). A room may have another ' +
      'setting, and needs the feature `recording`; its rules of consent apply. Default: `off`.',
  }),
});
const changedSettings = settings
  .partial()
  .openapi({ description: 'Settings to set; those that are left out keep their value.' });

export const createOrganizationSchema = z.strictObject({
  name,
  slug,
  settings: changedSettings.optional(),
  metadata: metadataSchema.optional(),
});
export type CreateOrganization = z.output<typeof createOrganizationSchema>;

export const updateOrganizationSchema = z
  .strictObject({ name, slug, settings: changedSettings, metadata: metadataChangeSchema })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateOrganization = z.output<typeof updateOrganizationSchema>;

export const organizationSchema = z
  .object({
    id: organizationIdSchema,
    name: z.string().openapi({ description: 'Name that people see.' }),
    slug: z.string().openapi({ description: 'Short name for URLs.' }),
    plan: z.enum(PLANS).openapi({ description: 'Plan, which decides the limits.' }),
    settings: settings.openapi({ description: 'Rules for inviting members, and the time zone.' }),
    limits: z
      .record(z.string(), z.number())
      .openapi({ description: 'Limits that differ from those of the plan, by the name of the limit.' }),
    metadata: metadataSchema,
    createdAt: z.iso.datetime().openapi({ description: 'When the organization was created.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When the organization was last changed.' }),
  })
  .openapi('Organization');
export type OrganizationView = z.output<typeof organizationSchema>;

export const organizationPageSchema = pageSchema(organizationSchema).openapi('OrganizationPage');

export const organizationExample: OrganizationView = {
  id: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Northwind',
  slug: 'northwind',
  plan: 'free',
  settings: {
    allowedEmailDomains: [],
    invitationDays: 7,
    timeZone: 'UTC',
    compressFiles: false,
    compressRecordings: false,
    recordingStorage: 'product',
    automaticRecording: 'off',
  },
  limits: {},
  metadata: {},
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
