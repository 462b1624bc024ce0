import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { reportErrors } from '../reports/index.ts';
import { deleteSchedule, getSchedule, setSchedule } from './manage-schedule.ts';
import { scheduleErrors } from './report-schedules.errors.ts';
import {
  scheduleExample,
  scheduleParamsSchema,
  scheduleSchema,
  setScheduleExample,
  setScheduleSchema,
} from './report-schedules.schemas.ts';

const tag = 'Reports';
const path = '/api/v1/analytics/reports/{reportId}/schedule';
const success = (description: string) => ({
  200: { description, schema: scheduleSchema, example: scheduleExample },
});

export const scheduleRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getReportSchedule',
    tag,
    summary: 'Get a report schedule',
    description: 'Returns when a report runs automatically, its recipients, and the result of its last run.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    params: scheduleParamsSchema,
    success: success('The schedule'),
    errors: [scheduleErrors.notFound],
    handle: (ctx, { params }) => getSchedule(ctx, params.reportId),
    respond: (schedule) => ok(schedule),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setReportSchedule',
    tag,
    summary: 'Set a report schedule',
    description:
      'Sets when a report runs automatically, and replaces an earlier schedule. Each run is an operation in the ' +
      'name of the user who sets the schedule. The recipients get a mail with a link to the file. For 24 hours it ' +
      'can be downloaded by signed-in users who may see the report. After three failures in a row, or when its ' +
      'owner or every recipient may no longer see the report, the schedule pauses until it is set again. A time ' +
      'that is skipped when clocks change is moved later by the same number of minutes; a time that occurs twice ' +
      'is used once. Only for signed-in users.',
    access: { kind: 'permission', permission: 'analytics:write' },
    limit: 'api',
    params: scheduleParamsSchema,
    body: { schema: setScheduleSchema, example: setScheduleExample },
    success: success('The schedule'),
    errors: [reportErrors.notFound],
    handle: (ctx, { params, body }) => setSchedule(ctx, params.reportId, body),
    respond: (schedule) => ok(schedule),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteReportSchedule',
    tag,
    summary: 'Delete a report schedule',
    description: 'Deletes the schedule of a report. A run that has begun ends, and no mail follows.',
    access: { kind: 'permission', permission: 'analytics:write' },
    limit: 'api',
    params: scheduleParamsSchema,
    success: { 204: { description: 'The schedule is deleted' } },
    errors: [scheduleErrors.notFound],
    handle: (ctx, { params }) => deleteSchedule(ctx, params.reportId),
    respond: noContent,
  }),
];
