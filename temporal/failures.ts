import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { EngineFailure } from '../domain/promise/decisions.ts';

/** gRPC status codes: cancelled, unknown, deadline, namespace not found, not permitted, internal, unavailable, no valid key. */
const DOWN = new Set([1, 2, 4, 5, 7, 13, 14, 16]);
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;

export function callFailure(error: unknown): EngineFailure {
  const status = grpcErrorOf(error);
  if (!status) return error instanceof Error && /closed|connect/i.test(error.message) ? 'down' : 'refused';
  if (status.code === RESOURCE_EXHAUSTED) return 'busy';
  if (status.code === INVALID_ARGUMENT && /search attribute/i.test(status.details)) return 'attributes';
  return DOWN.has(status.code) ? 'down' : 'refused';
}

/** The engine knows no such workflow, or none that runs. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || grpcErrorOf(error)?.code === NOT_FOUND;

function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string } | null {
  if (isGrpcServiceError(error)) return error;
  if (error instanceof Error && isGrpcServiceError(error.cause)) return error.cause;
  return null;
}
