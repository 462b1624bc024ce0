import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, pageSchema } from '../../kernel/core/index.ts';
import { rangeExample, rangeSchema } from '../rollups/index.ts';
import { REPORT_FORMATS } from './reports.enums.ts';
import { type ReportSpecInput, reportSpecSchema } from './report-spec.schemas.ts';

const reportId = idSchema('report').openapi({ description: 'Id of the report.' });
export const reportParamsSchema = z.strictObject({ reportId });

const name = lineSchema(100).openapi({ description: 'Name, 1 to 100 characters.' });
const format = z.enum(REPORT_FORMATS).openapi({
  description:
    'Format of the file. `json`. `csv`: text that a spreadsheet would read as a formula begins with an ' +
    'apostrophe. `xlsx`. `html`: a page with a chart. `pdf`: the same page for printing. A PDF has only the ' +
    'characters of Windows-1252: it shows others without marks or as `?`, with a note.',
});

export const createReportSchema = z.strictObject({
  name,
  spec: reportSpecSchema.openapi({ description: 'What the report shows.' }),
  format: format.default('xlsx'),
});
export type CreateReport = z.output<typeof createReportSchema>;
export const updateReportSchema = z
  .strictObject({
    name,
    spec: reportSpecSchema.openapi({ description: 'What the report shows; it is replaced as a whole.' }),
    format,
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateReport = z.output<typeof updateReportSchema>;
export const runReportSchema = z.strictObject({
  format: format.optional().openapi({ description: 'Format of this file; default: that of the report.' }),
});
export type RunReport = z.output<typeof runReportSchema>;

export const reportSchema = z
  .object({
    id: reportId,
    name: z.string().openapi({ description: 'Name.' }),
    spec: reportSpecSchema.openapi({ description: 'What the report shows.' }),
    format,
    createdBy: idSchema('user').nullable().openapi({
      description: 'User who created it; null for an API key, and after the user was deleted.',
    }),
    lastRunAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When it was last run; null before the first time.' }),
    lastOperationId: idSchema('operation').nullable().openapi({ description: 'Operation of the last run.' }),
    createdAt: z.iso.datetime().openapi({ description: 'When it was created.' }),
    updatedAt: z.iso.datetime().openapi({ description: 'When it was last changed.' }),
  })
  .openapi('Report');
export const reportPageSchema = pageSchema(reportSchema).openapi('ReportPage');
export type ReportView = z.output<typeof reportSchema>;

export const reportResultSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The range of the figures, and the period before it.' }),
    columns: z
      .array(
        z.object({
          name: z.string().openapi({ description: 'Name of the dimension or measure.' }),
          role: z
            .enum(['dimension', 'measure'])
            .openapi({ description: 'Whether it is a dimension or a measure of the rows.' }),
          type: z
            .enum(['text', 'number', 'boolean', 'moment', 'date'])
            .openapi({ description: 'Type of the values; `moment` and `date` are text of ISO 8601.' }),
        }),
      )
      .openapi({ description: 'The columns: first the dimensions, then the measures.' }),
    rows: z
      .array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
      .openapi({ description: 'The rows, each with a value for every column; null is unknown.' }),
    truncated: z.boolean().openapi({ description: 'Whether there are more rows than `limit`.' }),
  })
  .openapi('ReportResult');
export type ReportResult = z.output<typeof reportResultSchema>;

export const specExample = {
  source: 'participants',
  dimensions: ['day', 'region'],
  measures: ['participations', 'averageMos'],
  filters: [{ field: 'kind', operator: 'eq', value: 'guest' }],
  period: 'week',
  sort: [{ by: 'participations', direction: 'desc' }],
  limit: 100,
} satisfies ReportSpecInput;
export const reportExample: ReportView = {
  id: exampleId('report'),
  name: 'Guests by region',
  spec: specExample,
  format: 'xlsx',
  createdBy: exampleId('user'),
  lastRunAt: null,
  lastOperationId: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const resultExample: ReportResult = {
  range: rangeExample,
  columns: [
    { name: 'day', role: 'dimension', type: 'date' },
    { name: 'region', role: 'dimension', type: 'text' },
    { name: 'participations', role: 'measure', type: 'number' },
    { name: 'averageMos', role: 'measure', type: 'number' },
  ],
  rows: [['2025-12-31', 'EU', 41, 4.21]],
  truncated: false,
};
