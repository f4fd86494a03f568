import { useEffect, useMemo } from 'react';
import { sendPlaces } from './send-places.ts';
import { PlaceSender, sendAllUnsent, sendUnsent } from './unsent.ts';

/** Brings the places of one book to the server while somebody reads it. Whoever leaves the reader leaves nothing behind that waits. */
export function usePlaceSender(userId: number | undefined, bookId: number): PlaceSender {
  const sender = useMemo(
    () =>
      new PlaceSender((isLeaving) => {
        if (userId === undefined) return;
        const log = { userId, bookId };
        void sendUnsent(log, (of, places) => sendPlaces(of, places, isLeaving));
      }),
    [userId, bookId],
  );
  useEffect(() => () => sender.now(false), [sender]);
  return sender;
}

/** Sends what could not be sent before: once at the start, and whenever the connection is back. */
export function useUnsentPlaces(userId: number | undefined): void {
  useEffect(() => {
    if (userId === undefined) return;
    const send = () => void sendAllUnsent(userId, sendPlaces);
    send();
    addEventListener('online', send);
    return () => removeEventListener('online', send);
  }, [userId]);
}
