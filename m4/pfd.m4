# SPDX-License-Identifier: GPL-2.0-or-later

# PFD_CFLAGS_ADD(VARIABLE, FLAGS): append each flag that this compiler takes without a murmur.
# The flag is tried alone and with -Werror, as clang only warns about one it does not know.
AC_DEFUN([PFD_CFLAGS_ADD], [
	for pfd_flag in m4_normalize([$2]); do
		AC_MSG_CHECKING([whether $CC takes $pfd_flag])
		pfd_saved_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $pfd_flag"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
			[AC_MSG_RESULT([yes])
			$1="$$1 $pfd_flag"],
			[AC_MSG_RESULT([no])])
		CFLAGS=$pfd_saved_CFLAGS
	done
])

# PFD_CFLAGS_NEED(FLAGS): compile and link everything with these, or stop.
AC_DEFUN([PFD_CFLAGS_NEED], [
	AC_MSG_CHECKING([whether $CC links with ]$1)
	pfd_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS "$1
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])
		AC_MSG_ERROR([$CC cannot do that])])
	CFLAGS=$pfd_saved_CFLAGS
	PFD_CFLAGS="$PFD_CFLAGS "$1
	PFD_LDFLAGS="$PFD_LDFLAGS "$1
])

# PFD_HARDEN(WHAT, COMPILER_FLAG, [LINKER_FLAG], [PROLOGUE]): add both where a program with an array
# on its stack, begun by PROLOGUE, builds with them without a murmur. Sets $pfd_hardened.
AC_DEFUN([PFD_HARDEN], [
	AC_MSG_CHECKING([for ]$1)
	pfd_saved_CFLAGS=$CFLAGS
	pfd_saved_LDFLAGS=$LDFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	LDFLAGS="$LDFLAGS $3"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([$4
#include <stdio.h>], [char text[[64]];
		return fgets(text, sizeof(text), stdin) == NULL])],
		[pfd_hardened=yes], [pfd_hardened=no])
	AC_MSG_RESULT([$pfd_hardened])
	CFLAGS=$pfd_saved_CFLAGS
	LDFLAGS=$pfd_saved_LDFLAGS
	AS_IF([test $pfd_hardened = yes], [PFD_CFLAGS="$PFD_CFLAGS $2"
		PFD_LDFLAGS="$PFD_LDFLAGS $3"])
])

# PFD_COMPLETION_DIR(SHELL, DEFAULT): --with-SHELL-completion-dir=DIR|no.
# The default hangs on ${datadir}, so an unprivileged --prefix stays inside it.
AC_DEFUN([PFD_COMPLETION_DIR], [
	AC_ARG_WITH([$1-completion-dir],
		[AS_HELP_STRING([--with-$1-completion-dir=DIR],
			[completions of $1 go there; no: nowhere])],
		[], [with_$1_completion_dir=yes])
	AS_IF([test "x$with_$1_completion_dir" = xyes], [$1_completion_dir=$2],
		[$1_completion_dir=$with_$1_completion_dir])
	AC_SUBST([$1_completion_dir])
	AM_CONDITIONAL(m4_toupper([$1])[_COMPLETION], [test "x$with_$1_completion_dir" != xno])
])

# PFD_SONAME(MACRO, LIBRARY, CFLAGS, LIBS, PROLOGUE, BODY): the soname by which a program of PROLOGUE
# and BODY that is linked with LIBS needs LIBRARY, as the macro MACRO. It is for dlopen(3): the
# numbers in the library's headers belong to this soname.
AC_DEFUN([PFD_SONAME], [
	AC_CHECK_TOOLS([READELF], [readelf eu-readelf llvm-readelf], [false])
	AC_CACHE_CHECK([for the soname of $2], [pfd_cv_soname_$2],
		[pfd_saved_CFLAGS=$CFLAGS
		pfd_saved_LIBS=$LIBS
		CFLAGS="$CFLAGS $3"
		LIBS="$LIBS $4"
		pfd_cv_soname_$2=
		AC_LINK_IFELSE([AC_LANG_PROGRAM([$5], [$6])],
			[pfd_cv_soname_$2=`$READELF -d conftest$EXEEXT 2>&AS_MESSAGE_LOG_FD |
				$SED -n 's/.*NEEDED.*\@<:@\($2\.so.*\)@:>@.*/\1/p'`])
		CFLAGS=$pfd_saved_CFLAGS
		LIBS=$pfd_saved_LIBS])
	AS_IF([test -z "$pfd_cv_soname_$2"],
		[AC_MSG_ERROR([the soname of $2 cannot be found (no shared $2, or no readelf); give pfd_cv_soname_$2=$2.so.N, or --without-$2])])
	AC_DEFINE_UNQUOTED([$1], ["$pfd_cv_soname_$2"], [the soname of $2, for dlopen(3)])
])
