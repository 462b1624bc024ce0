import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  presentBandwidthSavings,
  presentEncoderPerformance,
  presentQualityDistribution,
} from './compression-stats.present.ts';
import {
  bandwidthSavingsExample,
  bandwidthSavingsSchema,
  encoderPerformanceExample,
  encoderPerformanceSchema,
  qualityDistributionExample,
  qualityDistributionSchema,
  savingsQuerySchema,
  statsQuerySchema,
} from './compression-stats.schemas.ts';
import {
  getBandwidthSavings,
  getEncoderPerformance,
  getQualityDistribution,
} from './read-compression-stats.ts';

const common = {
  method: 'get',
  tag: 'Compression',
  access: { kind: 'permission', permission: 'analytics:read' },
  limit: 'api',
} as const;
const NEEDS =
  'Needs the permission `analytics:read`. A compression counts at the time of its end; those of erased files and ' +
  'recordings are not included.';

export const compressionStatsRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    path: '/api/v1/aic/models/performance',
    operationId: 'getEncoderPerformance',
    summary: 'Get encoder performance',
    description:
      'Returns the results of each encoder and preset with files and recordings of the organization, as measured ' +
      `between copies and originals. ${NEEDS}`,
    query: statsQuerySchema,
    success: {
      200: {
        description: 'The encoders',
        schema: encoderPerformanceSchema,
        example: encoderPerformanceExample,
      },
    },
    handle: (ctx, { query }) => getEncoderPerformance(ctx, query),
    respond: (found) => ok(presentEncoderPerformance(found)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/aic/stats/bandwidth-savings',
    operationId: 'getBandwidthSavings',
    summary: 'Get bandwidth savings',
    description:
      'Returns the bytes that compression of files and recordings saved: the size of the originals minus that of ' +
      'the copies that replaced them. Storage, and each download, is smaller by that amount. Bitrates recommended ' +
      `to participants of calls are targets, not savings, and do not count. ${NEEDS}`,
    query: savingsQuerySchema,
    success: {
      200: { description: 'The savings', schema: bandwidthSavingsSchema, example: bandwidthSavingsExample },
    },
    handle: (ctx, { query }) => getBandwidthSavings(ctx, query),
    respond: (found) => ok(presentBandwidthSavings(found)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/aic/stats/quality-distribution',
    operationId: 'getQualityDistribution',
    summary: 'Get the quality distribution',
    description:
      'Returns the number of copies, networks and participations of each quality, as measured. Networks are kept ' +
      `for 90 days. ${NEEDS}`,
    query: statsQuerySchema,
    success: {
      200: {
        description: 'The distribution',
        schema: qualityDistributionSchema,
        example: qualityDistributionExample,
      },
    },
    handle: (ctx, { query }) => getQualityDistribution(ctx, query),
    respond: (found) => ok(presentQualityDistribution(found)),
  }),
];
