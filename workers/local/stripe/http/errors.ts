interface FailureBody {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  payment_intent?: unknown;
}

/** An answer that is an error, in the shape of the API. */
export class StripeFailure extends Error {
  readonly status: number;
  readonly body: FailureBody;
  /** The request failed, and its changes remain: a declined payment leaves its attempt behind. */
  readonly keepsChanges: boolean;

  constructor(status: number, body: FailureBody, keepsChanges = false) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.keepsChanges = keepsChanges;
  }

  static missing(kind: string, id: string, param: string): StripeFailure {
    const name = kind.split('.').at(-1);
    const message = `No such ${name}: '${id}'`;
    return new StripeFailure(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      message,
      param,
    });
  }

  static invalid(message: string, param?: string, code?: string): StripeFailure {
    return new StripeFailure(400, { type: 'invalid_request_error', message, code, param });
  }

  /** A refused card. `keepsChanges` when the attempt is recorded in an invoice. */
  static declined(decline: { code: string; decline_code?: string; message: string }, keepsChanges: boolean) {
    return new StripeFailure(402, { type: 'card_error', ...decline }, keepsChanges);
  }
}
