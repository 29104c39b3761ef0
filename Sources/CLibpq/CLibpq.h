#ifndef C_LIBPQ_H
#define C_LIBPQ_H

#include <libpq-fe.h>

// Swift does not import macros that are character literals.
static const int CLibpqSeverity = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int CLibpqSQLState = PG_DIAG_SQLSTATE;
static const int CLibpqMessage = PG_DIAG_MESSAGE_PRIMARY;
static const int CLibpqDetail = PG_DIAG_MESSAGE_DETAIL;
static const int CLibpqHint = PG_DIAG_MESSAGE_HINT;
static const int CLibpqConstraint = PG_DIAG_CONSTRAINT_NAME;
static const int CLibpqPosition = PG_DIAG_STATEMENT_POSITION;
static const int CLibpqSourceFunction = PG_DIAG_SOURCE_FUNCTION;

#endif
