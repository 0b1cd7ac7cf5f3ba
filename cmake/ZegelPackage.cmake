# The Debian package: `./dev package`. What is installed where outside the two programs and their manual, and what CPack
# is told. The config is written by `zegel init` and is no conffile: an upgrade never asks about it.
include(GNUInstallDirs)

set(ZEGEL_SYSCONFDIR "/etc" CACHE PATH "Where AppArmor's and fail2ban's files go")
set(ZEGEL_UNITDIR "/lib/systemd/system" CACHE PATH "Where systemd's units go")
set(made "${CMAKE_BINARY_DIR}/packaging")
set(from "${CMAKE_SOURCE_DIR}/packaging")

# Component `system` lies outside the prefix: `cmake --install` leaves it out unless it is asked for.
set(system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES systemd/zegel.service systemd/zegel.socket systemd/zegel-tls.socket DESTINATION "${ZEGEL_UNITDIR}" ${system})
install(FILES systemd/zegel.sysusers DESTINATION "/usr/lib/sysusers.d" RENAME zegel.conf ${system})
install(FILES systemd/zegel.tmpfiles DESTINATION "/usr/lib/tmpfiles.d" RENAME zegel.conf ${system})
install(FILES packaging/apparmor DESTINATION "${ZEGEL_SYSCONFDIR}/apparmor.d" RENAME usr.bin.zegeld ${system})
install(FILES packaging/fail2ban.conf DESTINATION "${ZEGEL_SYSCONFDIR}/fail2ban/filter.d" RENAME zegel.conf ${system})

install(FILES config/zegel.toml packaging/fail2ban-jail.conf DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples")
install(FILES packaging/copyright README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
configure_file("${from}/changelog.in" "${made}/changelog" @ONLY)
execute_process(COMMAND gzip -9nf "${made}/changelog" COMMAND_ERROR_IS_FATAL ANY)
install(FILES "${made}/changelog.gz" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zegel)
set(CPACK_PACKAGE_VENDOR "Zegel developers")
set(CPACK_PACKAGE_CONTACT "Zegel developers <developers@zegel.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};zegel;ALL;/;${CMAKE_BINARY_DIR};zegel;system;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "gpg, gpg-agent, ca-certificates, init-system-helpers (>= 1.54), procps, systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "apparmor, clamav-daemon, fail2ban, default-mta | mail-transport-agent")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "outbound e-mail encryption gateway")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Zegel is the smarthost behind an office's mail server. For each
outgoing message it checks the recipients (\"did you mean
jan@gmail.com?\", said inside the SMTP session), seals it with S/MIME,
OpenPGP or a zip locked with AES-256 whose password goes to the sender,
and sends it on from a durable, encrypted store. What its policy says
to seal never leaves in clear.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${from}/postinst;${from}/prerm;${from}/postrm;${from}/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
