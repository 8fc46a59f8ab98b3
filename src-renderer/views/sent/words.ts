import type { CallResult } from '#shared/contract/contract.ts';

/** Why a message was among those that were sent. */
export const why: Record<CallResult<'turns.sent'>['messages'][number]['why'], string> = {
  history: 'history',
  pinned: 'pinned',
  summary: 'in short',
  question: 'the message',
  continued: 'goes on',
};
