import { sql } from 'drizzle-orm';
import { check, index, integer, numeric, pgTable, unique } from 'drizzle-orm/pg-core';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { COPY_CODECS, COPY_SSIM } from '../compression/index.ts';
import { COMPRESSION_MODES } from '../network/index.ts';

/** Configs of compression: of an organization (neither room nor user), of a room, or of a user. */
export const compressionConfigs = pgTable(
  'compression_configs',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'cascade' }),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Null leaves it to the more general config. */
    mode: enumColumn('mode', COMPRESSION_MODES),
    maxSendBps: integer('max_send_bps'),
    /** Codec of copies of recordings and files. */
    codec: enumColumn('codec', COPY_CODECS),
    minSsim: numeric('min_ssim', { precision: 6, scale: 5, mode: 'number' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    unique('compression_configs_key').on(t.organizationId, t.roomId, t.userId).nullsNotDistinct(),
    index('compression_configs_room_id_idx').on(t.roomId),
    index('compression_configs_user_id_idx').on(t.userId),
    enumCheck('compression_configs_mode_check', t.mode, COMPRESSION_MODES),
    enumCheck('compression_configs_codec_check', t.codec, COPY_CODECS),
    check(
      'compression_configs_min_ssim_check',
      sql`${t.minSsim} between ${sql.raw(`${COPY_SSIM.least}`)} and ${sql.raw(`${COPY_SSIM.most}`)}`,
    ),
    check('compression_configs_scope_check', sql`${t.roomId} is null or ${t.userId} is null`),
  ],
);

export type CompressionConfigRow = typeof compressionConfigs.$inferSelect;
