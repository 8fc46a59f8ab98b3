import { Conversations } from './conversations/Conversations.tsx';

/** The views that exist, as the title bar names them. */
export const views = [{ id: 'conversations', title: 'Conversations', View: Conversations }] as const;
