import { z } from '@hono/zod-openapi';
import { divideRounded } from '../../stand-in/rounding.ts';
import type { Account } from '../account/account.ts';
import type { Line, Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { bool, listShape, mergeMetadata, metadata, text } from '../http/params.ts';
import { route } from '../http/router.ts';

/** Fixed rates of automatic tax, in per cent by country; none elsewhere. */
const COUNTRY_RATES: Record<string, number> = {
  AT: 20,
  DE: 19,
  ES: 21,
  FR: 20,
  GB: 20,
  IE: 23,
  IT: 22,
  NL: 21,
};

const percentage = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/)
  .transform(Number)
  .refine((value) => value <= 100);
const rateShape = {
  display_name: text,
  percentage,
  inclusive: bool,
  active: bool.default(true),
  country: text.optional(),
  description: text.optional(),
  jurisdiction: text.optional(),
  metadata: metadata.optional(),
};

function createRate(
  account: Account,
  { percentage, ...params }: z.output<z.ZodObject<typeof rateShape>>,
  event: string | null = 'created',
): Rows['tax_rate'] {
  return account.create<Rows['tax_rate']>(
    {
      id: account.store.newId('txr'),
      object: 'tax_rate',
      active: params.active,
      country: params.country ?? null,
      created: account.now(),
      description: params.description ?? null,
      display_name: params.display_name,
      effective_percentage: null,
      flat_amount: null,
      inclusive: params.inclusive,
      jurisdiction: params.jurisdiction ?? null,
      jurisdiction_level: null,
      livemode: false,
      metadata: mergeMetadata({}, params.metadata),
      percentage,
      rate_type: 'percentage',
      state: null,
      tax_type: null,
    },
    event,
  );
}

/** The rate of automatic tax for a customer; created when a country has its first customer. */
function automaticRate(account: Account, customer: Rows['customer']): Rows['tax_rate'] | undefined {
  const country = customer.address?.country ?? '';
  const rate = COUNTRY_RATES[country];
  if (rate === undefined) return undefined;
  const existing = account.store
    .all('tax_rate')
    .find((each) => each.country === country && each.jurisdiction === 'automatic');
  const params = { display_name: 'VAT', percentage: rate, inclusive: false, active: true };
  return existing ?? createRate(account, { ...params, country, jurisdiction: 'automatic' }, null);
}

/** A business of another country with a tax id owes the tax itself. */
function isReverseCharged(account: Account, customer: Rows['customer'], isAutomatic: boolean): boolean {
  if (customer.tax_exempt === 'reverse') return true;
  const hasTaxId = () => account.store.all('tax_id').some((each) => each.customer === customer.id);
  return isAutomatic && hasTaxId();
}

interface TaxContext {
  customer: string;
  automatic: boolean;
  /** Rates of the invoice or subscription, for lines without their own. */
  rates: readonly string[];
}

function taxOf(rate: Rows['tax_rate'], net: number, liable: boolean): NonNullable<Line['taxes']>[number] {
  const points = BigInt(Math.round((liable ? rate.percentage : 0) * 10_000));
  const amount = divideRounded(BigInt(net) * points, rate.inclusive ? 1_000_000n + points : 1_000_000n);
  return {
    amount,
    tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: liable ? 'standard_rated' : 'reverse_charge',
    taxable_amount: rate.inclusive ? net - amount : net,
    type: 'tax_rate_details',
  };
}

/** The lines with their taxes on the amounts after discounts. */
export function taxLines(account: Account, lines: readonly Line[], context: TaxContext): Line[] {
  const customer = account.store.get('customer', context.customer);
  const automatic = context.automatic ? automaticRate(account, customer) : undefined;
  const fixed = context.rates.map((id) => account.store.get('tax_rate', id));
  const rates = automatic ? [automatic] : fixed;
  const isExempt = customer.tax_exempt === 'exempt';
  const liable = !isReverseCharged(account, customer, context.automatic);
  return lines.map((line) => {
    const net = line.amount - (line.discount_amounts ?? []).reduce((sum, each) => sum + each.amount, 0);
    return { ...line, taxes: isExempt ? [] : rates.map((rate) => taxOf(rate, net, liable)) };
  });
}

const idShape = { type: text, value: text };

/** @throws StripeFailure when it cannot be one of its type */
export function createTaxId(
  account: Account,
  customer: string,
  { type, value }: { type: string; value: string },
): Rows['tax_id'] {
  account.store.get('customer', customer, 'customer');
  if (type === 'eu_vat' && !/^[A-Z]{2}[A-Z0-9]{2,12}$/.test(value))
    throw StripeFailure.invalid('Invalid value for eu_vat.', 'value', 'tax_id_invalid');
  return account.create<Rows['tax_id']>({
    id: account.store.newId('txi'),
    object: 'tax_id',
    country: type === 'eu_vat' ? value.slice(0, 2) : null,
    created: account.nowOf(customer),
    customer,
    customer_account: null,
    livemode: false,
    owner: { type: 'customer', customer, customer_account: null },
    type,
    value,
    verification: { status: 'verified', verified_address: null, verified_name: null },
  });
}

export const taxRoutes = [
  route('POST /v1/tax_rates', rateShape, ({ account, params }) => createRate(account, params)),
  route('GET /v1/tax_rates', listShape, ({ account, params, path }) =>
    pageOf(account.store.all('tax_rate').toReversed(), path, params),
  ),
  route('GET /v1/tax_rates/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('tax_rate', id)),
  route('POST /v1/customers/:customer/tax_ids', idShape, ({ account, params, ids: [customer = ''] }) =>
    createTaxId(account, customer, params),
  ),
  route('GET /v1/customers/:customer/tax_ids', listShape, ({ account, params, ids: [customer], path }) =>
    pageOf(
      account.store
        .all('tax_id')
        .filter((each) => each.customer === customer)
        .toReversed(),
      path,
      params,
    ),
  ),
  route('DELETE /v1/customers/:customer/tax_ids/:id', {}, ({ account, ids: [, id = ''] }) => {
    account.announce('deleted', account.store.get('tax_id', id));
    account.store.remove(id);
    return { id, object: 'tax_id', deleted: true };
  }),
];
