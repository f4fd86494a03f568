import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const OPEN_MS = 8000;

/**
 * Says that something was done and offers to take it back; for what cannot be taken back once it is done, see
 * {@link postpone}.
 */
export function toastWithUndo(options: {
  readonly message: string;
  readonly undoLabel: string;
  readonly onUndo: () => void;
}): void {
  const id = notifications.show({
    autoClose: OPEN_MS,
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{options.message}</span>
        <Button
          size="compact-md"
          variant="default"
          flex="none"
          onClick={() => {
            notifications.hide(id);
            options.onUndo();
          }}
        >
          {options.undoLabel}
        </Button>
      </Group>
    ),
  });
}

/**
 * Undo for what the server cannot take back, such as deleting: it is done only when the toast has gone. Leaving the page
 * before means doing it, because the person has been told that it is done.
 */
export function postpone(options: {
  readonly message: string;
  readonly undoLabel: string;
  /** Sent with `keepalive` where the page is going away. */
  readonly commit: (pageIsLeaving: boolean) => void;
  readonly onUndo: () => void;
}): void {
  let isSettled = false;
  const settle = (then: () => void) => {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    removeEventListener('pagehide', leave);
    then();
  };
  const leave = () => settle(() => options.commit(true));
  const timer = setTimeout(() => settle(() => options.commit(false)), OPEN_MS);
  addEventListener('pagehide', leave);
  toastWithUndo({
    message: options.message,
    undoLabel: options.undoLabel,
    onUndo: () => settle(options.onUndo),
  });
}
