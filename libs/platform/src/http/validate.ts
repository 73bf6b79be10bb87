import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isUuid } from '@peyvand/kernel';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { problem } from './problem-catalogue.js';
import type { FieldError } from './problem.js';
import { at, excessesOf, notAnObject, unknownField } from './shape.js';

/** Checks bodies and queries against their class, once, at the rim; every fault is reported with its path. A path id that is no UUID is simply not found. */
@Injectable()
export class ValidatePipe implements PipeTransform {
  async transform(value: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    // Postgres takes no NUL in a text; nothing that has one exists.
    if (typeof value === 'string' && value.includes('\0')) throw problem(type === 'param' ? 'not-found' : 'bad-request');
    if (type === 'param') {
      if (data !== undefined && /(^id|Id)$/.test(data) && !(typeof value === 'string' && isUuid(value))) throw problem('not-found');
      return value;
    }
    if (type === 'custom' || metatype === undefined || ([Object, String, Number, Boolean, Array] as unknown[]).includes(metatype)) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw problem('validation-failed', { errors: [bodyNotAnObject] });
    const excesses = excessesOf(metatype as new () => object, value);
    if (excesses.length > 0) throw problem('validation-failed', { errors: excesses });
    const instance = plainToInstance(metatype, value, { groups: [type] }) as object;
    const faults = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true, forbidUnknownValues: true });
    if (faults.length > 0) throw problem('validation-failed', { errors: faults.flatMap((fault) => errorsOf(fault, '')).slice(0, mostTold) });
    return instance;
  }
}

/** Of faults; a body of thousands of lines that are all wrong is mended by the first of them. */
const mostTold = 1_000;

const bodyNotAnObject: FieldError = { path: '', code: 'object', fa: notAnObject[0], en: notAnObject[1] };

/** `lines[3].quantity`: the path as a client writes it. */
const errorsOf = (fault: ValidationError, parent: string): FieldError[] => {
  const path = /^\d+$/.test(fault.property) ? `${parent}[${fault.property}]` : at(parent, fault.property);
  const own = Object.entries(fault.constraints ?? {}).map(([code, message]): FieldError => {
    if (code === 'whitelistValidation') return { path, code: 'unknown-field', fa: unknownField[0], en: unknownField[1] };
    if (code === 'nestedValidation') return { path, code: 'object', fa: notAnObject[0], en: notAnObject[1] };
    const words = fault.contexts?.[code] as { fa?: string; en?: string } | undefined;
    return { path, code, fa: words?.fa ?? message, en: words?.en ?? message };
  });
  return [...own, ...(fault.children ?? []).flatMap((child) => errorsOf(child, path))];
};
