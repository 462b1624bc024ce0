import { z } from '@hono/zod-openapi';

/** One page of the work that follows the deletion of an organization. */
export const organizationOffboardingStepSchema = z.object({
  part: z.enum(['rooms', 'inboxes', 'liveRooms']),
  /** `first` right after the deletion, `again` once no credential from before is valid any longer. */
  run: z.enum(['first', 'again']),
  /** The id after which the page begins; null for the first page. */
  after: z.string().nullable(),
});
export type OrganizationOffboardingStep = z.output<typeof organizationOffboardingStepSchema>;
