import type { CleanedWhere, CustomAdapter } from 'better-auth/adapters';
import type { Ctx } from '../../kernel/context/index.ts';
import { RESET_LINK_SECONDS } from './accounts.rules.ts';
import type { EngineCondition, EngineModel, EngineRow } from './engine.queries.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface EngineOptions {
  /** Whose password is hashed: spreads the load over the hashing objects. */
  email: string;
  /** Receives the token of a password reset, for the mail. */
  onResetToken?: (token: string) => void;
}

const ID_KINDS = {
  user: 'user',
  account: 'credential',
  session: 'session',
  verification: 'verification',
} as const;
const OPERATORS = ['eq', 'in', 'lt', 'gt'] as const;

/** Beyond what our own rules allow, so that ours decide. */
const PASSWORD_LENGTH = { minPasswordLength: 1, maxPasswordLength: 1024 };

function toEngineConditions(where: readonly CleanedWhere[] = []): EngineCondition[] {
  return where.map(({ field, operator, value, connector }) => {
    const supportedOperator = OPERATORS.find((each) => each === operator);
    if (!supportedOperator || connector !== 'AND')
      throw new Error(`the engine asked ${connector} ${operator}`);
    return { field, operator: supportedOperator, value };
  });
}

/** What the engine leaves out or may not decide: the clock is ours, and no session token is ever stored readable. */
async function completeRow(ctx: Ctx, model: EngineModel, row: EngineRow): Promise<EngineRow> {
  const now = new Date(ctx.clock.now());
  const stamped = { ...row, createdAt: now, updatedAt: now };
  const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  switch (model) {
    case 'user':
      return {
        avatarUrl: null,
        bio: null,
        locale: 'en',
        timeZone: 'UTC',
        metadata: {},
        lastLoginAt: null,
        version: 1,
        ...stamped,
      };
    case 'account':
      return stamped;
    case 'session':
      return {
        ...stamped,
        tokenHash: await ctx.hasher.hash('session', String(row.tokenHash)),
        organizationId: null,
        ip: ctx.origin.ip,
        userAgent: ctx.origin.userAgent,
        expiresAt: inSeconds(ctx.config.REFRESH_TOKEN_SECONDS),
        revokedAt: null,
        revokedReason: null,
      };
    case 'verification':
      return { ...stamped, expiresAt: inSeconds(RESET_LINK_SECONDS) };
  }
}

function createAdapter(ctx: Ctx, unit: UnitOfWork): CustomAdapter {
  const find = (model: string, where?: readonly CleanedWhere[]) =>
    unit.find(model as EngineModel, toEngineConditions(where));
  const updateRow = (model: string, row: EngineRow, update: unknown) =>
    unit.change(model as EngineModel, row, {
      ...(update as Record<string, unknown>),
      updatedAt: new Date(ctx.clock.now()),
    });
  const removeAll = async (model: string, where: readonly CleanedWhere[]) => {
    const rows = await find(model, where);
    for (const row of rows) unit.remove(model as EngineModel, row);
    return rows;
  };
  return {
    async create({ model, data }) {
      const row = await completeRow(ctx, model as EngineModel, data as unknown as EngineRow);
      unit.create(model as EngineModel, row);
      return row as never;
    },
    findOne: async ({ model, where }) => ((await find(model, where))[0] ?? null) as never,
    async findMany({ model, where, limit, sortBy }) {
      const rows = await find(model, where);
      if (sortBy) {
        const sign = sortBy.direction === 'asc' ? 1 : -1;
        rows.sort((a, b) => sign * (Number(a[sortBy.field]) - Number(b[sortBy.field])));
      }
      return rows.slice(0, limit) as never;
    },
    async update({ model, where, update }) {
      const [row] = await find(model, where);
      return (row ? updateRow(model, row, update) : null) as never;
    },
    async updateMany({ model, where, update }) {
      const rows = await find(model, where);
      for (const row of rows) updateRow(model, row, update);
      return rows.length;
    },
    async delete({ model, where }) {
      await removeAll(model, where);
    },
    deleteMany: async ({ model, where }) => (await removeAll(model, where)).length,
    consumeOne: async ({ model, where }) => ((await removeAll(model, where))[0] ?? null) as never,
    count: async ({ model, where }) => (await find(model, where)).length,
  };
}

/**
 * better-auth over one verb's unit of work. Made anew for each call (about a millisecond), so it holds nothing that
 * belongs to a request; loaded with the first one, so that an isolate starts without it.
 */
export async function createEngine(ctx: Ctx, unit: UnitOfWork, { email, onResetToken }: EngineOptions) {
  const [{ betterAuth }, { createAdapterFactory }] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/adapters'),
  ]);
  const { passwords } = ctx.ports;
  let isOutdated = false;
  const auth = betterAuth({
    baseURL: ctx.config.PUBLIC_URL,
    // Signs cookies that nobody is given.
    secret: await ctx.hasher.hash('engine', 'secret'),
    logger: { disabled: true },
    telemetry: { enabled: false },
    database: createAdapterFactory({
      config: { adapterId: 'unit-of-work', supportsJSON: true, supportsArrays: true },
      adapter: () => createAdapter(ctx, unit),
    }),
    user: { fields: { image: 'avatarUrl' } },
    account: { fields: { password: 'passwordHash' } },
    session: { fields: { token: 'tokenHash', ipAddress: 'ip' } },
    verification: {
      storeIdentifier: { hash: (identifier) => ctx.hasher.hash('verification', identifier) },
      disableCleanup: true,
    },
    advanced: {
      database: { generateId: ({ model }) => ctx.ids.create(ID_KINDS[model as EngineModel]) },
    },
    emailAndPassword: {
      enabled: true,
      ...PASSWORD_LENGTH,
      resetPasswordTokenExpiresIn: RESET_LINK_SECONDS,
      sendResetPassword: async ({ token }) => onResetToken?.(token),
      password: {
        hash: (password) => passwords.hash(email, password),
        async verify({ password, hash }) {
          const verification = await passwords.verify(email, password, hash);
          isOutdated = verification.matches && verification.outdated;
          return verification.matches;
        },
      },
    },
  });
  return {
    api: auth.api,
    context: await auth.$context,
    /** Whether the password that was just verified is stored at another cost than today's. */
    isHashOutdated: () => isOutdated,
  };
}

/** The engine's own code for its refusal; undefined when something else went wrong. */
export function engineErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'APIError') return undefined;
  const { body } = error as Error & { body?: { code?: unknown } };
  return typeof body?.code === 'string' ? body.code : undefined;
}
