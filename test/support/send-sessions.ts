import { ownerSql } from '../contract/sql.ts';
import type { TestApp } from './app.ts';

/** What a participant was recommended to send, as the first report of their network makes it. @returns the session's id */
export async function insertSendSession(app: TestApp, participantId: string): Promise<string> {
  const id = app.services.ids.create('sendSession');
  await ownerSql(
    `insert into send_sessions (id, organization_id, call_id, participant_id, mode, level, level_changed_at, hold_seconds, rose,
       connection, last_recommendation_id, recommended_at, recommendations, created_at, updated_at)
     select $1, organization_id, call_id, id, 'adaptive', 4, $3, 15, false, 'PA_1', $4, $3, 1, $3, $3
     from call_participants where id = $2`,
    [id, participantId, new Date(app.clock.now()).toISOString(), app.services.ids.create('recommendation')],
  );
  return id;
}
