import { z } from '@hono/zod-openapi';
import { phoneNumberSchema } from '../phone-trunks/index.ts';

export const transferPhoneCallSchema = z.strictObject({
  number: phoneNumberSchema.describe(
    'Number that the other side is connected to, in the international form. A prefix of the trunk must allow it, or for ' +
      'an incoming call a prefix of the phone number that was called.',
  ),
});
