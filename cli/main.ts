/** The command line: every command over the same operations as the other doors, in process. */
import { Command, CommanderError } from 'commander';
import { toStudioError } from '../contract/errors.ts';
import { studioVersion } from '../core/version.ts';
import { addAgreementCommand } from './commands/agreement.ts';
import { addDuplicatesCommand } from './commands/duplicates.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addExportCommand } from './commands/export.ts';
import { addHeadCommands } from './commands/heads.ts';
import { addKeepCommands } from './commands/keep.ts';
import { addModelCommands } from './commands/models.ts';
import { addMosScaleCommand } from './commands/mos-scale.ts';
import { addScoreCommand } from './commands/score.ts';
import { addStudioCommands } from './commands/studio.ts';
import { addSubjectiveCommands } from './commands/study.ts';
import { addTableCommands } from './commands/tables.ts';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes.ts';

function createProgram(): Command {
  const program = new Command('sfiqa')
    .description('SF-IQA Studio: score AI-generated images, compare with MOS, retrain, export.')
    .version(studioVersion)
    .addHelpText('after', exitCodesHelp)
    .showHelpAfterError('(add --help for what can be said)')
    .exitOverride();
  addScoreCommand(program);
  addTableCommands(program);
  addMosScaleCommand(program);
  addDuplicatesCommand(program);
  addExportCommand(program);
  addAgreementCommand(program);
  addEvaluateCommand(program);
  addHeadCommands(program);
  addModelCommands(program);
  addSubjectiveCommands(program);
  addKeepCommands(program);
  addStudioCommands(program);
  return program;
}

// Who reads may have enough before the end, as `| head` does: then there is nothing more to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed what was wrong, or the help that was asked for.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  } else {
    const { code, message } = toStudioError(error);
    console.error(message);
    if (code === 'internal' && process.env['SFIQA_DEBUG'] !== undefined) console.error(error);
    process.exitCode = exitCodeOf(error);
  }
}
