import { createRequire } from 'node:module';
import type * as ClientPackage from '@temporalio/client';
import type * as CommonPackage from '@temporalio/common';
import type * as EnvconfigPackage from '@temporalio/envconfig';
import type ProtoPackage from '@temporalio/proto';

/**
 * What command lines use of Temporal's SDK. Its packages are CommonJS: imported, Node would read their files twice, once only for the names that they
 * export, and that is a fifth of the time that they take to load. A worker and its like import them as ever; they are the same modules.
 */
const require = createRequire(import.meta.url);

export const {
  Client,
  Connection,
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} = require('@temporalio/client') as typeof ClientPackage;
export const { ApplicationFailure, NamespaceNotFoundError } = require('@temporalio/common') as typeof CommonPackage;
export const { loadClientConnectConfig } = require('@temporalio/envconfig') as typeof EnvconfigPackage;
export const proto = require('@temporalio/proto') as typeof ProtoPackage;
export type Client = ClientPackage.Client;
