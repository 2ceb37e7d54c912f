# `cmake --install build/release --prefix /usr`: two components, "signet" and "dogtag", whose tools
# have the names of Dogtag's own package.

include(GNUInstallDirs)
set(man ${CMAKE_SOURCE_DIR}/docs/man)

# Links and units name paths that must hold from anywhere, also where --prefix is a relative one.
foreach(component signet dogtag)
  install(CODE "get_filename_component(CMAKE_INSTALL_PREFIX \"\${CMAKE_INSTALL_PREFIX}\" ABSOLUTE)"
    COMPONENT ${component})
endforeach()

install(TARGETS signet signetd DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT signet)
file(GLOB pages CONFIGURE_DEPENDS ${man}/signet*.1)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT signet)
install(FILES ${man}/signetd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT signet)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/signet
  COMPONENT signet FILES_MATCHING PATTERN *.cfg)
install(FILES ${CMAKE_SOURCE_DIR}/tools/completion/signet.bash RENAME signet
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT signet)
install(FILES ${CMAKE_SOURCE_DIR}/tools/completion/_signet
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT signet)

# What an installed document leads to is installed beside it, the reference of profiles as profiles.md.
set(manuals ${CMAKE_INSTALL_DATADIR}/doc/signet)
set(documents operating.md enrolling.md from-dogtag.md reference.md divergences.md choices.md THREATS.md)
foreach(document ${documents} agent-api.yaml)
  install(FILES ${CMAKE_SOURCE_DIR}/docs/${document} DESTINATION ${manuals} COMPONENT signet)
endforeach()
install(FILES ${CMAKE_SOURCE_DIR}/profiles/README.md RENAME profiles.md DESTINATION ${manuals} COMPONENT signet)
set(installed_manuals "${manuals}")
if(NOT IS_ABSOLUTE "${manuals}")
  string(PREPEND installed_manuals "\${CMAKE_INSTALL_PREFIX}/")
endif()
foreach(document ${documents})
  install(CODE "
    set(file \"\$ENV{DESTDIR}${installed_manuals}/${document}\")
    file(READ \"\${file}\" text)
    string(REPLACE ../profiles/README.md profiles.md text \"\${text}\")
    file(WRITE \"\${file}\" \"\${text}\")" COMPONENT signet)
endforeach()
file(GLOB pictures CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/pictures/enroll-*.svg)
install(FILES ${pictures} DESTINATION ${manuals}/pictures COMPONENT signet)

# systemd looks in lib, whatever the machine's libraries are called. The units name the programs where
# they were installed to.
install(FILES ${CMAKE_SOURCE_DIR}/packaging/signet.sysusers RENAME signet.conf
  DESTINATION lib/sysusers.d COMPONENT signet)
set(units lib/systemd/system)
file(GLOB timers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/packaging/*.timer)
file(GLOB services CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/packaging/*.service)
install(FILES ${timers} ${services} DESTINATION ${units} COMPONENT signet)
set(named lib/sysusers.d/signet.conf)
foreach(service ${services})
  get_filename_component(name ${service} NAME)
  list(APPEND named ${units}/${name})
endforeach()
foreach(name ${named})
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${name}\")
    file(READ \"\${file}\" text)
    string(REPLACE /usr/bin/ \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/\" text \"\${text}\")
    string(REPLACE /usr/lib/sysusers.d/ \"\${CMAKE_INSTALL_PREFIX}/lib/sysusers.d/\" text \"\${text}\")
    file(WRITE \"\${file}\" \"\${text}\")" COMPONENT signet)
endforeach()

# One program under the names of Dogtag's tools; each has a page.
install(TARGETS dogtag DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/signet COMPONENT dogtag)
file(GLOB pages CONFIGURE_DEPENDS ${man}/*.1)
list(FILTER pages EXCLUDE REGEX /signet[^/]*$)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT dogtag)
foreach(page ${pages})
  get_filename_component(tool ${page} NAME_WE)
  install(CODE "
    set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
    file(MAKE_DIRECTORY \"\${folder}\")
    file(CREATE_LINK \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBEXECDIR}/signet/dogtag\"
      \"\${folder}/${tool}\" SYMBOLIC)" COMPONENT dogtag)
endforeach()
