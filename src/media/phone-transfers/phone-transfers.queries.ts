import { and, eq } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { phoneCalls } from '../phone-calls/phone-calls.tables.ts';
import { phoneNumbers } from '../phone-numbers/phone-numbers.tables.ts';
import { phoneTrunks } from '../phone-trunks/phone-trunks.tables.ts';

/** A telephone call with the trunk or the number that it runs through. */
export const selectPhoneCallToTransfer = (q: Queries, organizationId: string, phoneCallId: string) =>
  q
    .select({ row: phoneCalls, trunk: phoneTrunks, phoneNumber: phoneNumbers })
    .from(phoneCalls)
    .leftJoin(phoneTrunks, eq(phoneTrunks.id, phoneCalls.phoneTrunkId))
    .leftJoin(phoneNumbers, eq(phoneNumbers.id, phoneCalls.phoneNumberId))
    .where(and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.id, phoneCallId)));

export type TransferGround = Awaited<ReturnType<typeof selectPhoneCallToTransfer>>[number];
