import type { Person, TestApp } from '../../support/app.ts';
import { ownerSql } from '../sql.ts';

type Factory = (app: TestApp, owner: Person) => Promise<string>;

/**
 * How to make what a path parameter names, in the owner's organization; by the parameter's name, or by
 * `collection/name` where a name means several things. A new route with a new parameter brings its own.
 */
export const resourceFactories: Record<string, Factory> = {
  organizationId: async (_app, owner) => owner.organizationId,
  memberId: async (app, owner) => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    const [row] = await ownerSql<{ id: string }>('select id from members where user_id = $1', [userId]);
    return row!.id;
  },
};
