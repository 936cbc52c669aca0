/** Takes in a head that was exported as JSON or ONNX. */
import { Button, FileButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';

export function ImportHead() {
  const taken = useMutation(
    orpc.heads.import.mutationOptions({
      onSuccess: ({ name, target, equalTo }) =>
        notifications.show(
          equalTo === null
            ? { title: 'The head was imported', message: `“${name}”, for ${target}; not in use.` }
            : { title: 'The head was here already', message: equalTo },
        ),
      onError: (error) => showError('The head could not be imported', error),
    }),
  );
  return (
    <FileButton
      accept="application/json,.json,.onnx"
      onChange={(file) => file !== null && taken.mutate({ source: { fileName: file.name, file } })}
    >
      {(props) => (
        <Button {...props} size="xs" variant="default" loading={taken.isPending}>
          Import…
        </Button>
      )}
    </FileButton>
  );
}
