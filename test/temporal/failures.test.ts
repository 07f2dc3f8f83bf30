import { ServiceError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { callFailure } from '../../temporal/failures.ts';

/** As gRPC gives them. */
const grpc = (code: number, details = ''): Error => Object.assign(new Error(details), { code, details, metadata: {} });

describe('what a failed call says of the engine', () => {
  it.each([
    ['not reachable', grpc(14), 'down'],
    ['too slow', grpc(4), 'down'],
    ['connection closed by us', grpc(1), 'down'],
    ['namespace not there', grpc(5, 'Namespace default is not found.'), 'down'],
    ['key refused', grpc(16), 'down'],
    ['too much at once', grpc(8), 'busy'],
    [
      'an attribute it does not know',
      grpc(3, 'Namespace default has no mapping defined for search attribute PromiseKind'),
      'attributes',
    ],
    ['an argument it does not like', grpc(3, 'WorkflowId length exceeds limit.'), 'refused'],
    ['something of ours', new TypeError('x is not a function'), 'refused'],
  ])('%s', (_, error, expected) => {
    expect(callFailure(error)).toBe(expected);
  });

  it('is found within what the client wraps around it', () => {
    expect(callFailure(new ServiceError('Failed to start Workflow', { cause: grpc(14) }))).toBe('down');
  });
});
