/**
 * Lists of Globus Transfer tasks: what the API answers (`{"DATA": […]}`), an array of tasks or of answers, one task; the
 * same as JSON lines; and CSV with the API's names as columns. What a task becomes is told in `globus-task.ts`.
 * The list of files that a task moved (`successful_transfers`) names neither task nor bytes: its records are not used.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import type { RejectReason } from '../../model/observation.ts'
import type { SourceFormat } from '../../model/source.ts'
import { mostLinesAre } from '../input/head-lines.ts'
import { beginsWithCsvHeader, CsvParser } from '../text/csv-lines.ts'
import { JsonDocumentParser, JsonLinesParser, jsonShape, namesMembers } from '../text/json-document.ts'
import { hasMember, type JsonObject, jsonObject, textMember } from '../text/json-members.ts'
import { textOf } from '../text/text-lines.ts'
import { appendTask, taskMembers } from './globus-task.ts'

const format = 'globus_tasks'

function takeTask(task: JsonObject, offset: number, batch: ObservationBatch): RejectReason | undefined {
  const kind = textMember(task, 'DATA_TYPE')
  if (kind !== '' && kind !== 'task') return 'stream_not_used'
  return appendTask((name) => textMember(task, name), offset, batch)
}

function isTask(object: JsonObject | undefined): boolean {
  return object !== undefined && taskMembers.every((name) => hasMember(object, name))
}

/** A task, or an answer that lists some. */
function holdsTasks(line: string): boolean {
  const object = jsonObject(line)
  const list = object?.DATA
  return isTask(object) || (Array.isArray(list) && list.every((element) => isTask(element)) && list.length > 0)
}

export const globusTasks: SourceFormat = {
  id: 'globus_tasks_json',
  title: 'Globus Transfer tasks, JSON',
  unit: 'document',
  recognise: (head) =>
    jsonShape(head) === 'document' &&
    (namesMembers(head, taskMembers) || namesMembers(head, ['DATA_TYPE', 'source_path', 'destination_path'])),
  open: () => new JsonDocumentParser(format, 'DATA', takeTask),
}

export const globusTaskLines: SourceFormat = {
  id: 'globus_tasks_ndjson',
  title: 'Globus Transfer tasks, JSON lines',
  recognise: (head) =>
    jsonShape(head) === 'lines' &&
    mostLinesAre(head, (bytes, start, end, cut) => !cut && holdsTasks(textOf(bytes, start, end))),
  open: () => new JsonLinesParser(format, 'DATA', takeTask),
}

export const globusTaskCsv: SourceFormat = {
  id: 'globus_tasks_csv',
  title: 'Globus Transfer tasks, CSV',
  recognise: (head) => beginsWithCsvHeader(head, taskMembers),
  open: () => new CsvParser(format, taskMembers, appendTask),
}
