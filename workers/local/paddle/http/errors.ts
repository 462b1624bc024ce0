interface FailureBody {
  type: 'request_error' | 'api_error';
  code: string;
  detail: string;
  documentation_url: string;
  errors?: { field: string; message: string }[];
}

/** An answer that is an error, in the shape of the API. */
export class PaddleFailure extends Error {
  readonly status: number;
  readonly body: FailureBody;

  constructor(status: number, code: string, detail: string, errors?: FailureBody['errors']) {
    super(detail);
    this.status = status;
    this.body = {
      type: status >= 500 ? 'api_error' : 'request_error',
      code,
      detail,
      documentation_url: `https://developer.paddle.com/v1/errors/${code}`,
      ...(errors ? { errors } : {}),
    };
  }

  static missing(this: void, kind: string, id: string): PaddleFailure {
    return new PaddleFailure(404, 'not_found', `${kind} ${id} not found`);
  }

  static field(field: string, message: string): PaddleFailure {
    return new PaddleFailure(400, 'invalid_field', 'Request does not pass validation.', [{ field, message }]);
  }
}
