import {
  type CancelSubscription,
  type CreateAddressRequestBody,
  type CreateAdjustmentRequestBody,
  type CreateBusinessRequestBody,
  type CreateCustomerRequestBody,
  type CreateDiscountRequestBody,
  type CreatePriceRequestBody,
  type CreateProductRequestBody,
  type CreateSubscriptionCharge,
  type CreateTransactionRequestBody,
  type Environment,
  EventName,
  type IAddressResponse,
  type IAdjustmentResponse,
  type IBusinessResponse,
  type ICustomerResponse,
  type IDiscountResponse,
  type IPaymentMethodResponse,
  type IPriceResponse,
  type IProductResponse,
  type ISubscriptionResponse,
  type ITransactionResponse,
  Paddle,
  type PauseSubscription,
  type ResumeSubscription,
  type UpdateSubscriptionRequestBody,
} from '@paddle/paddle-node-sdk';
import type { z } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { Rows } from '../../../workers/local/paddle/account/stored.ts';
import type { newDiscountShape } from '../../../workers/local/paddle/catalog/discounts.ts';
import type { newPriceShape } from '../../../workers/local/paddle/catalog/prices.ts';
import type { productShape } from '../../../workers/local/paddle/catalog/products.ts';
import type { addressShape, businessShape } from '../../../workers/local/paddle/customers/addresses.ts';
import type { newCustomerShape } from '../../../workers/local/paddle/customers/customers.ts';
import type { changeShape } from '../../../workers/local/paddle/subscriptions/change.params.ts';
import type {
  cancelShape,
  chargeShape,
  pauseShape,
  resumeShape,
} from '../../../workers/local/paddle/subscriptions/subscriptions.routes.ts';
import type { newAdjustmentShape } from '../../../workers/local/paddle/transactions/adjustments.ts';
import type { newTransactionShape } from '../../../workers/local/paddle/transactions/transactions.routes.ts';
import { signatureOf } from '../../../workers/local/paddle/webhooks/signature.ts';
import { API_KEY, createCatalog, GOOD_CARD, startStandIn, type StandIn } from './support.ts';

/** `billingCycle` of the SDK is `billing_cycle` in the API. */
type Snake<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : S;
type InApi<T> = T extends readonly (infer Element)[]
  ? InApi<Element>[]
  : T extends object
    ? { [K in keyof T as K extends string ? Snake<K> : never]: InApi<T[K]> }
    : T;

type NameIn<T> = T extends unknown ? keyof T : never;
type ValueIn<T, K> = T extends unknown ? (K extends keyof T ? NonNullable<T[K]> : never) : never;
type ElementIn<T> = T extends readonly (infer Element)[] ? NonNullable<Element> : never;
type RequiredName<T> = {
  [K in keyof T & string]-?: object extends Pick<T, K> ? never : K;
}[keyof T & string];

/** The paths of all names in one thing that another one does not have. Of custom data the names are free. */
type Beyond<One, Other, Path extends string = ''> = One extends readonly unknown[]
  ? Beyond<ElementIn<One>, ElementIn<Other>, Path>
  : One extends object
    ? string extends keyof One
      ? never
      : {
          [K in keyof One & string]-?: K extends NameIn<Other>
            ? Beyond<NonNullable<One[K]>, ValueIn<Other, K>, `${Path}.${K}`>
            : `${Path}.${K}`;
        }[keyof One & string]
    : never;
/** The names that Paddle always sends, and the stand-in does not. */
type Lacks<Published, Kind extends keyof Rows> = Exclude<RequiredName<Published>, keyof Rows[Kind]>;
type Shown<Kind extends keyof Rows> = Omit<Rows[Kind], 'object' | 'own'>;
type Taken<Shape extends z.ZodRawShape> = z.input<z.ZodObject<Shape>>;

describe('what Paddle publishes of its API, in the types of its SDK', () => {
  it('has each field that the stand-in shows', () => {
    expectTypeOf<Beyond<Shown<'customer'>, ICustomerResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'address'>, IAddressResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'business'>, IBusinessResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'product'>, IProductResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'price'>, IPriceResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'discount'>, IDiscountResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'payment_method'>, IPaymentMethodResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'transaction'>, ITransactionResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'subscription'>, ISubscriptionResponse>>().toBeNever();
    expectTypeOf<Beyond<Shown<'adjustment'>, IAdjustmentResponse>>().toBeNever();
  });

  it('always sends no field that the stand-in lacks', () => {
    expectTypeOf<Lacks<ICustomerResponse, 'customer'>>().toBeNever();
    expectTypeOf<Lacks<IAddressResponse, 'address'>>().toBeNever();
    expectTypeOf<Lacks<IBusinessResponse, 'business'>>().toBeNever();
    expectTypeOf<Lacks<IProductResponse, 'product'>>().toBeNever();
    expectTypeOf<Lacks<IPriceResponse, 'price'>>().toBeNever();
    // The group is sent on request.
    expectTypeOf<Exclude<Lacks<IDiscountResponse, 'discount'>, 'discount_group'>>().toBeNever();
    expectTypeOf<Lacks<IPaymentMethodResponse, 'payment_method'>>().toBeNever();
    expectTypeOf<Lacks<ITransactionResponse, 'transaction'>>().toBeNever();
    expectTypeOf<Lacks<ISubscriptionResponse, 'subscription'>>().toBeNever();
    expectTypeOf<Lacks<IAdjustmentResponse, 'adjustment'>>().toBeNever();
  });

  it('uses the words of the stand-in for what things are', () => {
    expectTypeOf<Rows['transaction']['status']>().toExtend<ITransactionResponse['status']>();
    expectTypeOf<Rows['transaction']['origin']>().toExtend<ITransactionResponse['origin']>();
    expectTypeOf<Rows['subscription']['status']>().toExtend<ISubscriptionResponse['status']>();
    expectTypeOf<Rows['adjustment']['status']>().toExtend<IAdjustmentResponse['status']>();
    expectTypeOf<Rows['adjustment']['action']>().toExtend<IAdjustmentResponse['action']>();
    expectTypeOf<Rows['price']['tax_mode']>().toExtend<IPriceResponse['tax_mode']>();
  });

  it('takes each parameter that the stand-in takes, and with it each that the product sends', () => {
    expectTypeOf<Beyond<Taken<typeof newCustomerShape>, InApi<CreateCustomerRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof addressShape>, InApi<CreateAddressRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof businessShape>, InApi<CreateBusinessRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof productShape>, InApi<CreateProductRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof newPriceShape>, InApi<CreatePriceRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof newDiscountShape>, InApi<CreateDiscountRequestBody>>>().toBeNever();
    expectTypeOf<
      Beyond<Taken<typeof newTransactionShape>, InApi<CreateTransactionRequestBody>>
    >().toBeNever();
    expectTypeOf<Beyond<Taken<typeof newAdjustmentShape>, InApi<CreateAdjustmentRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof changeShape>, InApi<UpdateSubscriptionRequestBody>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof chargeShape>, InApi<CreateSubscriptionCharge>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof cancelShape>, InApi<CancelSubscription>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof pauseShape>, InApi<PauseSubscription>>>().toBeNever();
    expectTypeOf<Beyond<Taken<typeof resumeShape>, InApi<ResumeSubscription>>>().toBeNever();
  });
});

describe('Paddle’s SDK', () => {
  let standIn: StandIn;
  let paddle: Paddle;
  beforeAll(async () => {
    standIn = await startStandIn();
    // The SDK takes an address in place of the name of an environment, which its types do not say.
    const environment = standIn.server.url as Environment; // eslint-disable-line typescript/no-unsafe-enum-assignment -- as above
    paddle = new Paddle(API_KEY, { environment });
  });
  afterAll(() => standIn.server.close());

  it('takes a subscription at the stand-in from its checkout to its end', async () => {
    const { monthly, enterprise } = await createCatalog(standIn);
    const customer = await paddle.customers.create({ email: 'sdk@b.test' });
    const begun = await paddle.transactions.create({
      items: [{ priceId: monthly, quantity: 1 }],
      customerId: customer.id,
    });
    await standIn.pay(begun.checkout!.url!, GOOD_CARD);
    const paid = await paddle.transactions.get(begun.id, { include: ['adjustment'] });
    expect(paid).toMatchObject({ status: 'completed', details: { totals: { grandTotal: '4900' } } });
    const [subscription] = await paddle.subscriptions.list({ customerId: [customer.id] }).next();
    const { id } = subscription!;
    const change: UpdateSubscriptionRequestBody = {
      items: [{ priceId: enterprise, quantity: 1 }],
      prorationBillingMode: 'prorated_immediately',
    };
    const preview = await paddle.subscriptions.previewUpdate(id, change);
    expect(preview.immediateTransaction?.details.totals.grandTotal).toBe('45000');
    expect(await paddle.subscriptions.update(id, change)).toMatchObject({ status: 'active' });
    const [line] = paid.details!.lineItems;
    const request: CreateAdjustmentRequestBody = {
      action: 'refund',
      transactionId: paid.id,
      reason: 'Outage',
      items: [{ itemId: line!.id, type: 'partial', amount: '100' }],
    };
    expect(await paddle.adjustments.create(request)).toMatchObject({ status: 'pending_approval' });
    expect((await paddle.transactions.getInvoicePDF(paid.id)).url).toContain('/invoices/');
    const ended = await paddle.subscriptions.cancel(id, { effectiveFrom: 'immediately' });
    expect(ended).toMatchObject({ status: 'canceled', scheduledChange: null });
  });

  it('accepts what the stand-in signs, and refuses it with another secret', async () => {
    await paddle.customers.create({ email: 'signed@b.test' });
    const [event] = await standIn.data<{ event_type: string }[]>('GET /events');
    const body = JSON.stringify(event);
    const signature = signatureOf(body, 'secret', Math.floor(Date.now() / 1000));
    expect(await paddle.webhooks.unmarshal(body, 'secret', signature)).toMatchObject({
      eventType: event!.event_type,
    });
    expect(Object.values<string>(EventName)).toContain(event!.event_type);
    await expect(paddle.webhooks.unmarshal(body, 'another', signature)).rejects.toThrow('signature');
  });
});
