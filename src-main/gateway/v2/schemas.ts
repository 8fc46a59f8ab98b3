import { z } from 'zod';
import { MAX_TEXT } from '#shared/contract/contract.ts';
import { FinishReason, TurnState } from '#shared/domain/things.ts';
import { apiCodes } from './errors.ts';

/** What goes in and comes out of v2. What has an id here is a component of the OpenAPI document under that name. */

const specialistId = z
  .string()
  .min(1)
  .max(400)
  .describe(
    'A specialist by its id or an alias, such as `apollo-ai` or `apollo`, or a plain model as `provider/model`.',
  )
  .meta({ examples: ['apollo-ai'] });
const content = z.string().min(1).max(MAX_TEXT).describe('What is said to the AI.');
/** As a body has them, or as text in an address. */
const numbers = (number: () => z.ZodNumber) => ({
  temperature: number().min(0).max(2).optional().describe('As the specialist is set when it is absent.'),
  max_tokens: number().int().min(1).max(1_000_000).optional().describe('The longest answer, in tokens.'),
});
const request_id = z
  .string()
  .regex(/^[\w.:-]{1,100}$/)
  .optional()
  .describe('Comes back in every answer. A UUID of version 7 makes it safe to send the same request again.');
const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const tokens = z.number().describe('Of prompt and answer together; estimated where the provider tells nothing.');
const offset = z.number().int().nonnegative().describe('Where it stands in the whole answer, in UTF-16 units.');
const metadata = z.record(z.string(), z.unknown()).describe("The program's own, up to 16 kB as JSON.");
const id = z.string().regex(/^[\w.-]{1,64}$/);
const title = z.string().trim().min(1).max(300);

export const SpecialistParams = z.object({ specialist: specialistId });
export const SessionParams = z.object({ session: id.describe('Id of a session.') });
export const TurnParams = z.object({ turn: id.describe('Id of a turn: the `turn_id` of a `start` event.') });

export const StreamBody = z
  .object({
    content,
    ...numbers(z.number),
    session_id: id.optional().describe('The message goes into this session; without it the answer stands alone.'),
    request_id,
  })
  .meta({ id: 'StreamRequest' });
export const StreamQuery = z.object({ ...StreamBody.shape, ...numbers(z.coerce.number as () => z.ZodNumber) });

/** Any text: what cannot be served from is answered with the whole. */
const lastEventId = z.string().max(200).optional().describe('The id of the last event that was received.');
export const ResumeQuery = z.object({ last_event_id: lastEventId });
export const ResumeHeaders = z.object({ 'last-event-id': lastEventId });

export const CreateSession = z
  .object({
    specialist_id: specialistId,
    id: id.optional().describe('A name of your own; one is made when it is absent.'),
    title: title.optional().describe('It is made from the first message when it is absent.'),
    context_window: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(10)
      .describe('Exchanges (a message and its answer) that are sent along; 0: all.'),
    metadata: metadata.default({}),
    shared: z.boolean().default(false).describe('Several specialists may answer in it.'),
  })
  .meta({ id: 'SessionRequest' });

export const SendMessage = z
  .object({
    message: content,
    ...numbers(z.number),
    stream: z.boolean().default(false).describe('Answer as server-sent events.'),
    specialist_id: specialistId.optional().describe('Who answers, in a session that is shared.'),
    request_id,
  })
  .meta({ id: 'MessageRequest' });

const state = z.enum(['active', 'archived', 'trashed']);
const folder = z.string().trim().min(1).max(100).nullable();
const tags = z.array(z.string().trim().min(1).max(50)).max(20);
export const ChangeSession = z
  .object({
    title,
    context_window: z.number().int().min(0).max(10_000).describe('In exchanges; 0: all.'),
    state: state.describe('`trashed` is deleted for good some days later.'),
    folder: folder.describe('Null: in none.'),
    tags,
    pinned: z.boolean(),
  })
  .partial()
  .meta({ id: 'SessionChange' });
export const PruneSession = z
  .object({ keep_recent: z.number().int().min(1).max(10_000).describe('Exchanges.') })
  .meta({ id: 'SessionPrune' });
export const SessionPruned = z
  .object({ session_id: z.string(), kept: z.number().int(), left_out: z.number().int().describe('Messages.') })
  .meta({ id: 'SessionPruned' });
export const SessionDocument = z
  .looseObject({})
  .describe('A whole session as docs/export.md describes it.')
  .meta({ id: 'SessionDocument' });
export const SessionImported = z.object({ session_id: z.string() }).meta({ id: 'SessionImported' });

export const ListQuery = z.object({
  limit: (z.coerce.number as () => z.ZodNumber)().int().min(1).max(200).default(50),
  before: z
    .string()
    .regex(/^\d{1,16}\.[\w.-]{1,64}$/)
    .optional()
    .describe('The `next` of the page before.'),
  specialist_id: specialistId.optional().describe('Who has answered in it; a specialist of the roster.'),
  state: state.default('active'),
  folder: folder.unwrap().optional(),
  tag: tags.element.optional(),
});

const session = {
  id: z.string(),
  specialist_id: z.string().nullable(),
  title: z.string(),
  context_window: z.number().int().describe('In exchanges; 0: all.'),
  shared: z.boolean(),
  created_at: instant,
  last_activity: instant,
  expires_at: instant.nullable().describe('It moves with each message; null: never.'),
  state,
  folder,
  tags,
  pinned: z.boolean(),
  metadata,
};
export const Session = z.object(session).meta({ id: 'Session' });

const HistoryMessage = z
  .object({
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    timestamp: instant,
    specialist_id: z.string().optional().describe('Who answered.'),
    turn_id: z.string().optional(),
    status: TurnState.optional(),
  })
  .meta({ id: 'Message' });
export const SessionWithMessages = z
  .object({
    ...session,
    message_count: z.number().int(),
    messages: z.array(HistoryMessage).describe('The last 2 × context_window.'),
  })
  .meta({ id: 'SessionWithMessages' });

export const SessionList = z
  .object({
    sessions: z.array(
      z
        .object({
          id: z.string(),
          specialist_id: z.string().nullable(),
          title: z.string(),
          message_count: z.number().int(),
          created_at: instant,
          last_activity: instant,
          state,
          folder,
          tags,
          pinned: z.boolean(),
        })
        .meta({ id: 'SessionSummary' }),
    ),
    next: z.string().nullable().describe('Give it as `before` for the next page; null: this is the last one.'),
  })
  .meta({ id: 'SessionList' });

export const SessionDeleted = z
  .object({ status: z.literal('deleted'), session_id: z.string() })
  .meta({ id: 'SessionDeleted' });

/** How much of a session there is after an answer. */
const counts = {
  message_count: z.number().int(),
  context_used: z.number().int().describe('Exchanges that the AI had in view, the newest among them.'),
};
export const Answer = z
  .object({
    response: z.string(),
    session_id: z.string(),
    specialist_id: z.string(),
    turn_id: z.string(),
    request_id: z.string(),
    tokens_used: tokens,
    finish_reason: FinishReason.nullable(),
    ...counts,
  })
  .meta({ id: 'Answer' });

const Failure = z
  .object({
    code: z.enum(apiCodes),
    message: z.string().describe('What happened, and where.'),
    details: z.record(z.string(), z.unknown()).describe('`next`: what to do about it.'),
    retry_after: z.number().optional().describe('Seconds; of RATE_LIMITED.'),
  })
  .meta({ id: 'Failure' });
export const Turn = z
  .object({
    id: z.string(),
    session_id: z.string(),
    specialist_id: z.string(),
    status: TurnState,
    content: z.string().describe('All that has come so far.'),
    finish_reason: FinishReason.nullable(),
    tokens_used: tokens.nullable(),
    error: Failure.nullable(),
    last_event_id: z.string().describe('From here its stream goes on.'),
  })
  .meta({ id: 'Turn' });

export const ErrorBody = z.object({ error: Failure }).meta({ id: 'Error' });

const about = { specialist_id: z.string(), request_id: z.string(), session_id: z.string().optional() };
const StartEvent = z
  .object({
    type: z.literal('start'),
    ...about,
    turn_id: z.string(),
    recovered: z
      .boolean()
      .optional()
      .describe('Of a stream that was to go on. False: it could not, and the whole answer follows.'),
  })
  .meta({ id: 'StartEvent' });
const ContentEvent = z
  .object({ type: z.literal('content'), ...about, data: z.string(), offset })
  .meta({ id: 'ContentEvent' });
const ErrorEvent = z
  .object({
    type: z.literal('error'),
    ...about,
    turn_id: z.string(),
    code: z.enum(apiCodes),
    message: z.string(),
    recoverable: z.boolean().describe('True: the stream goes on, or the turn can be continued.'),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ErrorEvent' });
const DoneEvent = z
  .object({
    type: z.literal('done'),
    ...about,
    tokens_used: tokens,
    finish_reason: FinishReason.nullable(),
    message_count: counts.message_count.optional(),
    context_used: counts.context_used.optional(),
  })
  .meta({ id: 'DoneEvent' });
/** The `data` of one server-sent event; its `id` is what `Last-Event-ID` wants. */
export const StreamEvent = z
  .discriminatedUnion('type', [StartEvent, ContentEvent, ErrorEvent, DoneEvent])
  .meta({ id: 'StreamEvent' });
export type StreamEvent = z.infer<typeof StreamEvent>;

const features = {
  streaming: z.boolean(),
  sessions: z.boolean(),
  websocket: z.boolean(),
  bulk_operations: z.boolean(),
  enhanced_discovery: z.boolean(),
};
export const Capabilities = z
  .object({
    version: z.string(),
    ...features,
    features: z.object(features),
    api_versions: z.array(z.string()),
    deprecations: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Capabilities' });
export const OpenApi = z.record(z.string(), z.unknown()).describe('An OpenAPI 3.1 document.');
